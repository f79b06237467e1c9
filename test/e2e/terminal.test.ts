// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchers, netmachinery, onTerminal, type Launcher, type TerminalOptions } from './cli.js';
import { createNamespace, createReady, deleteNamespace } from './kubectl.js';
import { serverPod } from './manifests.js';
import { expectNothingLeft } from './nothing-left.js';

let namespace = '';
let words: string[] = [];

beforeAll(async () => {
  namespace = await createNamespace('terminal');
  await createReady(namespace, serverPod('server'), serverPod('source'));
  words = ['ping', '-n', namespace, 'source', 'server', 'no-such-name.example', '--count', '3', '--interval', '200ms'];
  await netmachinery(words);
});
afterAll(async () => {
  await expectNothingLeft(namespace, 'source');
  await deleteNamespace(namespace);
});

const escape = '\u001b';

const sequences = /\u001b\[[0-?]*[ -/]*[@-~]/g;

interface Shown {
  exitCode: number | null;
  screen: string;
  /** Without what a terminal takes for itself. */
  lines: string[];
}

async function shown(launcher: Launcher, options: TerminalOptions, args = words): Promise<Shown> {
  const { exitCode, screen } = await onTerminal([...launchers[launcher], ...args], () => false, '', options);
  return { exitCode, screen, lines: screen.replaceAll(sequences, '').split(/\r?\n/) };
}

describe.concurrent.each<Launcher>(['executable', 'node'])('a terminal, to %s,', (launcher) => {
  it.each([20, 5, 1])('of %i columns gets both verdicts, and no word is lost', async (columns) => {
    const { exitCode, screen, lines } = await shown(launcher, { columns });
    const text = lines.join('').replaceAll(/\s+/g, '');
    expect(text).toContain('✓pass');
    expect(text).toContain('✗fail');
    expect(text).toContain('2tests:1pass,1failin');
    expect(text).toContain('no-such-name.example:namenotfound');
    expect(screen).not.toMatch(/undefined|NaN|Infinity/);
    // Nothing was drawn over and over, which so few columns do not bear.
    expect(screen.length).toBeLessThan(4000);
    expect(exitCode).toBe(1);
  });

  it('of 20 columns gets prose that fits', async () => {
    const { lines } = await shown(launcher, { columns: 20 });
    const prose = lines.slice(lines.indexOf('source:'));
    expect(prose.length).toBeGreaterThan(5);
    for (const line of prose) expect(line.length).toBeLessThanOrEqual(20);
  });

  it('that does not know its size gets 80 columns', async () => {
    const { exitCode, lines } = await shown(launcher, { columns: 0, rows: 0 });
    expect(lines.find((line) => line.startsWith('DESTINATION'))).toMatch(/VERDICT +REASON/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(exitCode).toBe(1);
  });

  it('that is dumb gets neither colours nor anything drawn over', async () => {
    const { exitCode, screen } = await shown(launcher, { env: { TERM: 'dumb' } });
    expect(screen).not.toContain(escape);
    expect(screen).toMatch(/✓ pass +EchoReply/);
    expect(exitCode).toBe(1);
  });

  it.each<[name: string, env: Record<string, string | undefined>]>([
    ['of the C locale', { LC_ALL: 'C' }],
    ['of no locale', { LC_ALL: undefined, LANG: undefined }],
    ['of no type', { TERM: undefined }],
  ])('%s gets the word beside each symbol', async (_name, env) => {
    const { exitCode, lines } = await shown(launcher, { env });
    const text = lines.join('\n');
    expect(text).toMatch(/✓ pass +EchoReply/);
    expect(text).toMatch(/✗ fail +NameNotFound/);
    expect(exitCode).toBe(1);
  });

  it.each([
    [1, 1],
    [3, 20],
    [24, 0],
  ])('of %i lines and %i columns is redrawn by --watch without being folded', async (rows, columns) => {
    const watch = ['ping', '-n', namespace, 'source', 'server', '--interval', '50ms', '--watch'];
    const command = [...launchers[launcher], ...watch];
    const isDrawn = (screen: string) => screen.split(`${escape}[J`).length > 4;
    const { exitCode, screen } = await onTerminal(command, isDrawn, '\u0003', { rows, columns });
    const drawn = screen.split(`${escape}[J`).slice(1, 4);
    for (const line of drawn.flatMap((view) => view.replaceAll(sequences, '').split(/\r?\n/))) {
      expect(line.trimEnd().length).toBeLessThanOrEqual(columns === 0 ? 80 : Math.max(0, columns - 1));
    }
    expect(exitCode).toBe(130);
  });
});
