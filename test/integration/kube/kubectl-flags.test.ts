// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { clusterOptions } from '../../../src/commands/flags/cluster-options.js';
import { kubernetesFlags } from '../../../src/commands/flags/kubernetes.js';

interface Option {
  char: string | undefined;
  words: string;
}

/** What `kubectl options` prints: `-n, --namespace='':` and below it, indented, what it is. */
function kubectlOptions(): Map<string, Option> {
  const text = execFileSync('kubectl', ['options']).toString();
  const options = [...text.matchAll(/^ +(?:-(\w), )?--([a-z-]+)=.*:\n\t(.*)$/gm)];
  return new Map(options.map(([, char, name = '', words = '']) => [name, { char, words }]));
}

/** kubectl's global flags that we do not have. */
const leftOut: Record<string, string> = {
  'cache-dir': 'nothing is cached on the disk',
  kuberc: "aliases and defaults for kubectl's own commands",
  'log-flush-frequency': "kubectl's log library; our lines are written at once",
  vmodule: "kubectl's log library: by source file of kubectl",
  'match-server-version': 'versions differ by nature; the skew that matters is said by name',
  profile: 'profiles kubectl itself',
  'profile-output': 'profiles kubectl itself',
  version: '`version` is a command of its own',
  'warnings-as-errors': 'warnings of the API server about API versions concern us, not the user',
};

/** Flags of later kubectls than the one that tests run with, in their words. */
const later: Record<string, Option> = {
  'as-user-extra': {
    char: undefined,
    words:
      'User extras to impersonate for the operation, this flag can be repeated to specify multiple values for the same key.',
  },
};

const kubectls = new Map([...Object.entries(later), ...kubectlOptions()]);

test('each global flag of kubectl is here or is left out for a reason', () => {
  const expected = [...kubectls.keys()].filter((name) => !(name in leftOut));
  expect(Object.keys(kubernetesFlags).sort()).toEqual(expected.sort());
  expect(kubectls.size).toBeGreaterThan(25);
});

test.each(Object.entries(kubernetesFlags))('--%s has the letter and the words of kubectl', (name, flag) => {
  const theirs = kubectls.get(name);
  expect(flag.char).toBe(theirs?.char);
  // Ours of -v goes on, because bodies and secrets are never shown.
  expect(name === 'v' ? flag.summary?.split(':')[0] : flag.summary).toBe(theirs?.words);
});

test('user extras are collected by key', () => {
  const flags = { 'as-user-extra': ['scope=view', 'scope=edit=1', 'example.org/team='] };
  expect(clusterOptions(flags).asUserExtra).toEqual({ scope: ['view', 'edit=1'], 'example.org/team': [''] });
  expect(() => clusterOptions({ 'as-user-extra': ['scope'] })).toThrow('must be KEY=VALUE');
});

test.each([
  ['0', 0],
  ['0s', 0],
  ['30', 30_000],
  ['1m30s', 90_000],
  ['250ms', 250],
])('--request-timeout %s', async (text, ms) => {
  expect(await kubernetesFlags['request-timeout'].parse(text, {} as never, {} as never)).toBe(ms);
});

test.each(['', '1 s', '-1s', 'soon'])('--request-timeout %j is refused', (text) => {
  const parse = () => kubernetesFlags['request-timeout'].parse(text, {} as never, {} as never);
  expect(parse).toThrow('Invalid timeout value');
});
