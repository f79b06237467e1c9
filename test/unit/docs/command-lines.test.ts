// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { commandSurface } from '../../../src/surface/command-surface.js';
import { commandLines, wrongIn } from './command-lines.js';
import { documents } from './documents.js';

describe('command lines in documents', () => {
  it.each(documents())('are understood: $path', ({ text }) => {
    expect(commandLines(text).flatMap((line) => wrongIn(line, commandSurface))).toEqual([]);
  });

  it('are found', () => {
    expect(documents().flatMap(({ text }) => commandLines(text)).length).toBeGreaterThan(80);
  });

  it.each([
    ['pnig deploy/web', 'no such command'],
    ['ping deploy/web --cuont 3', 'ping has no --cuont'],
    ['ping deploy/web svc/api --output xml', '--output of ping does not take xml'],
    ['shape deploy/web --delay 1s -- ping a b --partition', 'ping has no --partition'],
    ['connect -Q deploy/web svc/api:80', 'connect has no -Q'],
  ])('are wrong where they are: %s', (line, text) => {
    expect(wrongIn(line, commandSurface)).toEqual([expect.stringContaining(text)]);
  });

  it.each([
    ['```\n$ kubectl netmachinery ping a b -o json | jq .\n```', ['ping a b -o json']],
    ['```\nkubectl netmachinery ping \\\n  a b   # why\n```', ['ping a b']],
    ['what `kubectl netmachinery preflight -n shop` says', ['preflight -n shop']],
    [
      '```yaml\nmessage: only those of kubectl netmachinery may\n- run: A=b kubectl netmachinery ping a b\n```',
      ['ping a b'],
    ],
    ['# kubectl netmachinery', []],
  ])('%j has %j', (text, lines) => {
    expect(commandLines(text)).toEqual(lines);
  });
});
