// SPDX-License-Identifier: Apache-2.0
import type { SettingsFile } from './read-file.js';
import { settings, settingValue, variableOf, type Setting, type SettingKey, type SettingValue } from './settings.js';

/** Where a value comes from. A flag goes before all of them. */
export type Origin =
  | { from: 'environment'; variable: string }
  | { from: 'file'; file: string; line?: number | undefined }
  | { from: 'default' };

export interface Resolved<Key extends SettingKey> {
  value: SettingValue<Key>;
  /** As it was written. */
  text: string;
  origin: Origin;
}

/**
 * What counts without a flag: the variable (an empty one is none), else the file, else what everybody has (some commands have another
 * one); undefined where there is nothing of all that. Throws Failure `usage` for a variable that cannot be read.
 */
export function resolveSetting<Key extends SettingKey>(
  key: Key,
  environment: NodeJS.ProcessEnv,
  { path, entries }: SettingsFile,
  command = '',
): Resolved<Key> | undefined {
  const variable = variableOf(key);
  const text = environment[variable];
  if (text !== undefined && text !== '') {
    return { value: settingValue(key, text, variable), text, origin: { from: 'environment', variable } };
  }
  const entry = entries.get(key);
  if (entry !== undefined) {
    const origin: Origin = { from: 'file', file: path, line: entry.line };
    return { value: settingValue(key, entry.text, key), text: entry.text, origin };
  }
  const { standardOf, standard: usual }: Setting = settings[key];
  const standard = standardOf?.[command] ?? usual;
  if (standard === undefined) return undefined;
  return { value: settingValue(key, standard, key), text: standard, origin: { from: 'default' } };
}
