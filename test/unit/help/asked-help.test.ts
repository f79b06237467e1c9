// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { askedHelp } from '../../../src/help/asked-help.js';
import { command, surfaceOf } from './commands.js';

const surface = surfaceOf(
  command('ping'),
  command('shape'),
  command('shape:list'),
  command('config:view'),
  command('config:get'),
);
const plugin = { of: 'plugin' };
const of = (id: string) => ({ of: 'command', id });
const nothing = (...words: string[]) => ({ of: 'nothing', words });

describe('help is asked for by', () => {
  it.each([
    [[], plugin],
    [['--help'], plugin],
    [['-h'], plugin],
    [['help'], plugin],
    [['help', '--help'], plugin],
    [['help', 'help'], plugin],
    [['help', 'ping'], of('ping')],
    [['help', 'shape', 'list'], of('shape:list')],
    [['help', 'shape'], of('shape')],
    [['help', 'config'], of('config')],
    [['help', 'pong'], nothing('pong')],
    [['help', 'shape', 'lst'], nothing('shape', 'lst')],
    [['help', 'ping', 'web'], nothing('ping', 'web')],
    [['ping', '--help'], of('ping')],
    [['ping', 'web', 'svc/api', '-h'], of('ping')],
    [['ping', 'web', '--help', '--no-such-flag'], of('ping')],
    [['--help', 'ping'], of('ping')],
    [['shape', 'list', '-A', '--help'], of('shape:list')],
    [['shape', '--help', 'list'], of('shape:list')],
    [['shape', 'web', '--help'], of('shape')],
    [['config'], of('config')],
    [['config', '--help'], of('config')],
    [['config', 'view', '-h'], of('config:view')],
    [['pong', '--help'], nothing('pong')],
    [['-n', 'shop', '--help'], plugin],
    [['ping', '--help', '--', 'x'], of('ping')],
  ])('%j', (argv, asked) => {
    expect(askedHelp(argv, surface)).toEqual(asked);
  });

  it.each([
    [['ping']],
    [['ping', 'help', 'web']],
    [['pong']],
    [['config', 'nosuch']],
    [['shape', 'web', '--', 'ping', 'a', 'b', '--help']],
    [['--', '-h']],
    [['ping', '-help']],
    [['']],
  ])('and not by %j', (argv) => {
    expect(askedHelp(argv, surface)).toBeUndefined();
  });
});
