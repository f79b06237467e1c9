// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { defaultImage } from '../tool-image.js';
import { count, duration, imageName, note, oneOf, type ValueKind } from './value-kind.js';

/** Something that a user can settle once for all commands that have its flag. */
export interface Setting<Value extends string | number = string | number> {
  kind: ValueKind<Value>;
  /** What counts where nobody says anything, as it would be written; without it there is none. */
  standard?: string;
  /** Commands (by id) where something else counts then. */
  standardOf?: Readonly<Record<string, string>>;
  /** What happens without a value, where that needs words. */
  unset?: string;
  /** A flag beside which it would be an error, and which it therefore gives way to. */
  notBeside?: string;
}

type Standard = { standard: string };

function setting<Value extends string | number>(of: Setting<Value> & Standard): Setting<Value> & Standard;
function setting<Value extends string | number>(of: Setting<Value>): Setting<Value>;
function setting<Value extends string | number>(of: Setting<Value>): Setting<Value> {
  return of;
}

/**
 * All settings, by their key in the file; the names of flag and variable follow from it. They say how the work is done. What
 * a test expects, when it counts as failed and what a script reads is said by each command line: it must not depend on
 * whose file is there.
 */
export const settings = {
  image: setting({ kind: imageName, standard: defaultImage }),
  imagePullPolicy: setting({ kind: oneOf(['Always', 'IfNotPresent', 'Never']), standard: 'IfNotPresent' }),
  toolTimeout: setting({ kind: duration({ minMs: 1 }), standard: '1m' }),
  idle: setting({ kind: duration({ minMs: 1000 }), unset: '8h; 10m with added rights', notBeside: 'container' }),
  reason: setting({ kind: note, notBeside: 'container' }),
  maxPods: setting({ kind: count, standard: '10', standardOf: { run: '100' } }),
  concurrency: setting({ kind: count, standard: '32' }),
  color: setting({ kind: oneOf(['auto', 'always', 'never']), standard: 'auto' }),
  agentImage: setting({ kind: imageName }),
  controllerImage: setting({ kind: imageName, unset: 'that of agentImage' }),
};

export type SettingKey = keyof typeof settings;

/** What a value of the setting is once it was read: durations are in ms. */
export type SettingValue<Key extends SettingKey> = (typeof settings)[Key] extends Setting<infer Value> ? Value : never;

/** That, or undefined where there need not be one. */
export type ResolvedValue<Key extends SettingKey> =
  SettingValue<Key> | ((typeof settings)[Key] extends Standard ? never : undefined);

export const settingKeys = Object.keys(settings) as SettingKey[];

/** `image-pull-policy` of `imagePullPolicy`. */
export function flagOf(key: SettingKey): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `NETMACHINERY_IMAGE_PULL_POLICY` of `imagePullPolicy`. */
export function variableOf(key: SettingKey): string {
  return `NETMACHINERY_${flagOf(key).replaceAll('-', '_').toUpperCase()}`;
}

const longestRepeated = 200;

/** A text as a value; `name` is what it was given for: `--idle`, a variable. Throws Failure `usage` that names it. */
export function settingValue<Key extends SettingKey>(key: Key, text: string, name: string): SettingValue<Key> {
  const read = settings[key].kind.read(text);
  if (typeof read !== 'object') return read as SettingValue<Key>;
  // Nobody needs a long one repeated.
  const value = text.length > longestRepeated ? 'value' : `value "${text}"`;
  throw new Failure('usage', `invalid ${value} for ${name}: ${read.refusal}`, { hint: read.hint });
}
