// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentImageVariable } from '../../../src/model/prober.js';
import {
  flagOf,
  settings,
  settingKeys,
  settingValue,
  variableOf,
  type Setting,
  type SettingKey,
} from '../../../src/settings/settings.js';
import { commandSurface } from '../../../src/surface/command-surface.js';

const commands = [...commandSurface.values()];
const flagsOf = (key: SettingKey) =>
  commands.flatMap(({ id, flags }) =>
    flags.filter(({ name }) => name === flagOf(key)).map((flag) => ({ id, ...flag })),
  );

describe('the table of settings', () => {
  it('names flags and variables after the keys', () => {
    expect(flagOf('imagePullPolicy')).toBe('image-pull-policy');
    expect(variableOf('imagePullPolicy')).toBe('NETMACHINERY_IMAGE_PULL_POLICY');
    expect(variableOf('agentImage')).toBe(agentImageVariable);
  });

  it.each(settingKeys)('%s is a flag, which names the variable and the same default wherever it is', (key) => {
    const { standard, standardOf = {}, kind }: Setting = settings[key];
    const flags = flagsOf(key);
    expect(flags.length).toBeGreaterThan(0);
    for (const { id, env, options, ...flag } of flags) {
      const expected = standardOf[id] ?? standard;
      expect({ id, env, options }).toEqual({ id, env: variableOf(key), options: kind.options });
      expect(flag.default).toBe(/^\d+$/.test(expected ?? '') ? Number(expected) : expected);
    }
    for (const id of Object.keys(standardOf)) expect(flags.map((flag) => flag.id)).toContain(id);
  });

  it('is all that has variables', () => {
    const named = commands.flatMap(({ flags }) => flags.flatMap(({ env }) => env ?? []));
    expect(new Set(named)).toEqual(new Set(settingKeys.map(variableOf)));
  });

  it.each(settingKeys)('%s stands in the documents with flag, variable and default', (key) => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');
    const { standard, standardOf = {} }: Setting = settings[key];
    const row = text.split('\n').find((line) => line.startsWith(`| \`${key}\` `)) ?? '';
    for (const part of [flagOf(key), variableOf(key), standard ?? '', ...Object.values(standardOf)]) {
      expect(row).toContain(part);
    }
  });
});

describe('a value', () => {
  it.each<[SettingKey, string, string | number]>([
    ['image', 'mirror.example:5000/tools@sha256:0123', 'mirror.example:5000/tools@sha256:0123'],
    ['toolTimeout', '1m30s', 90_000],
    ['toolTimeout', '90', 90_000],
    ['idle', '1.0004s', 1001],
    ['maxPods', '200', 200],
    ['color', 'never', 'never'],
    ['reason', 'ticket 7', 'ticket 7'],
  ])('of %s is read: %s', (key, text, value) => {
    expect(settingValue(key, text, 'X')).toBe(value);
  });

  it.each<[SettingKey, string, string]>([
    ['image', '', 'invalid value "" for X: not the name of an image'],
    ['image', 'a b', 'invalid value "a b" for X: not the name of an image'],
    ['idle', '5 minutes', 'invalid value "5 minutes" for X: not a duration'],
    ['idle', '10ms', 'invalid value "10ms" for X: at least 1000ms'],
    ['maxPods', '0', 'invalid value "0" for X: not an integer greater than or equal to 1'],
    ['maxPods', '1.5', 'invalid value "1.5" for X: not an integer greater than or equal to 1'],
    ['concurrency', '99999999999999999999', 'invalid value "99999999999999999999" for X: not an integer'],
    ['color', 'red', 'invalid value "red" for X: must be one of auto, always, never'],
    ['reason', 'x'.repeat(1025), 'invalid value for X: has 1025 characters, and at most 1024 are kept'],
  ])('of %s is refused: %s', (key, text, message) => {
    expect(() => settingValue(key, text, 'X')).toThrow(message);
  });
});
