// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { asksCluster, flagGroups, flagText } from '../../../src/help/flag-text.js';
import { command, flag } from './commands.js';

describe('a flag', () => {
  it.each([
    [flag('count', { helpValue: 'N', default: 5 }), '--count=N', 'What count does [default: 5]'],
    [flag('peer', { helpValue: 'DST', multiple: true }), '--peer=DST...', 'What peer does'],
    [flag('anything'), '--anything=VALUE', 'What anything does'],
    [flag('wait', { type: 'boolean', default: false }), '--wait', 'What wait does'],
    [flag('expect', { options: ['allow', 'deny'] }), '--expect=allow|deny', 'What expect does'],
    [
      flag('image-pull-policy', { options: ['Always', 'IfNotPresent', 'Never'], default: 'Always' }),
      '--image-pull-policy=POLICY',
      'What image-pull-policy does [one of: Always, IfNotPresent, Never; default: Always]',
    ],
    [
      flag('output', { helpValue: 'FORMAT', options: ['json', 'yaml'] }),
      '--output=FORMAT',
      'What output does [one of: json, yaml]',
    ],
    [flag('follow', { helpValue: '[N]', default: 0 }), '--follow[=N]', 'What follow does [default: 0]'],
    [flag('slot', { helpValue: 'MIN[-MAX]' }), '--slot=MIN[-MAX]', 'What slot does'],
    [
      flag('delay', { helpValue: 'TIME', aliases: ['time'], env: 'DELAY', exclusive: ['rate'] }),
      '--delay=TIME',
      'What delay does [env: DELAY; also: --time; not with --rate]',
    ],
  ])('%j', (description, long, text) => {
    expect(flagText(description)).toEqual({ short: undefined, long, text });
  });

  it('has its short form apart', () => {
    expect(flagText(flag('output', { char: 'o' })).short).toBe('-o');
  });
});

describe('the flags of a command', () => {
  const shape = command('shape:list', {
    flags: [
      flag('selector', { helpGroup: 'SELECTION' }),
      flag('watch', { helpGroup: 'LIST' }),
      flag('secret', { helpGroup: 'LIST', hidden: true }),
      flag('plain'),
      flag('context', { helpGroup: 'KUBECTL' }),
    ],
  });

  it("stand in groups, its own first, without kubectl's and the hidden", () => {
    const groups = flagGroups(shape).map(({ title, flags }) => [title, flags.map(({ long }) => long)]);
    expect(groups).toEqual([
      ['Options', ['--watch=VALUE', '--plain=VALUE']],
      ['Options (selection)', ['--selector=VALUE']],
    ]);
  });

  it('tell whether it asks a cluster', () => {
    expect(asksCluster(shape)).toBe(true);
    expect(asksCluster(command('rbac', { flags: [flag('namespace', { helpGroup: 'ROLE' })] }))).toBe(false);
  });
});
