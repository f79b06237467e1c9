// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pflagWords, type FlagShape } from '../../../src/commands/pflag-words.js';

const flags: FlagShape[] = [
  { name: 'namespace', char: 'n', type: 'option' },
  { name: 'as-group', type: 'option', multiple: true },
  { name: 'follow-redirects', type: 'option' },
  { name: 'all', char: 'A', type: 'boolean' },
];
const read = (line: string) => pflagWords(line.split(' '), flags).join(' ');

describe('a command line as kubectl reads it', () => {
  test.each([
    ['ping -n a --namespace b x', 'ping --namespace b x'],
    ['ping --namespace=a x -nb', 'ping x -nb'],
    ['ping -n=a x -n b y', 'ping x -n b y'],
    ['ping --as-group a --as-group=b', 'ping --as-group a --as-group=b'],
    ['ping --all=true x', 'ping --all x'],
    ['ping --all=false x', 'ping x'],
    ['ping --all --all=0 x', 'ping x'],
    ['ping --all=F --all x', 'ping --all x'],
    ['ping -A x', 'ping -A x'],
    ['ping -n a -- -n b', 'ping -n a -- -n b'],
    ['ping -n -- x', 'ping -n -- x'],
    ['ping -n', 'ping -n'],
    ['http --follow-redirects x', 'http --follow-redirects=10 x'],
    ['http --follow-redirects=2 x', 'http --follow-redirects=2 x'],
    ['ping --namespaces=a --name b', 'ping --namespaces=a --name b'],
  ])('%s', (line, expected) => {
    expect(read(line)).toBe(expected);
  });

  test('a boolean that is none is refused in the words of pflag', () => {
    expect(() => read('ping --all=maybe')).toThrow(
      'invalid argument "maybe" for "--all" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    );
  });

  test('words that are no flags stay as they are and where they are', () => {
    const word = fc.string().filter((text) => !text.startsWith('-'));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(pflagWords(words, flags)).toEqual(words);
      }),
    );
  });
});
