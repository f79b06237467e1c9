// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { commandId, commandWords } from '../../../src/surface/command-id.js';

const ids = new Set(['ping', 'shape', 'shape:list', 'shape:clear']);

describe('the command of a command line', () => {
  it.each([
    [['ping', 'a', 'b'], 'ping'],
    [['shape', 'list', '-A'], 'shape:list'],
    [['shape', 'clear'], 'shape:clear'],
    [['shape'], 'shape'],
    [['shape', 'pod/list'], 'shape'],
    [['shape', '--help'], 'shape'],
    [['shape', 'web', 'list'], 'shape'],
    [['list'], undefined],
    [['--help'], undefined],
    [['shape:list'], 'shape:list'],
    [[], undefined],
  ])('%j is %s', (argv, id) => {
    expect(commandId(argv, ids)).toBe(id);
  });

  it('is written in words', () => {
    expect(commandWords('shape:list')).toBe('shape list');
  });
});
