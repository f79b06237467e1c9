// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { helpText } from '../../../src/help/help-text.js';
import { optionsText } from '../../../src/help/options-text.js';
import { helpWidth } from '../../../src/help/help-width.js';
import { commandId } from '../../../src/surface/command-id.js';
import { commandSurface } from '../../../src/surface/command-surface.js';
import { command, flag, surfaceOf } from './commands.js';

const ids = [...commandSurface.keys()];
const descriptions = [...commandSurface.values()].filter(({ hidden }) => !hidden);
const helpOf = (id: string, width = 80) => helpText({ of: 'command', id }, width);
const pluginHelp = (width = 80) => helpText({ of: 'plugin' }, width);
/** Lines that begin at the margin and end with a colon. */
const titles = (text: string) => text.split('\n').filter((line) => /^[A-Z].*:$/.test(line));

/** Examples and usage are there to be copied, and a single word is not broken. */
function wrapped(text: string): string[] {
  return text.split('\n').filter((line) => !/^ {2}\S.*netmachinery /.test(line) && /\S +\S/.test(line));
}

/** What of a shell's command line is a call of ours, as words. */
function calls(line: string): string[][] {
  return line
    .replaceAll(/'[^']*'/g, 'QUOTED')
    .split(/ \| | -- /)
    .map((part) => part.split(/\s+/))
    .map((words) =>
      words.slice(words.findIndex((word) => /^(?:.*kubectl-)?netmachinery$/.test(word)) + 1 || words.length),
    )
    .filter((words) => words.length > 0);
}

describe.each(descriptions.map((description) => [description.id, description] as const))(
  'the help of %s',
  (id, description) => {
    it('has examples, each below what it is for, that call a command of ours with flags that it has', () => {
      expect(description.examples.length).toBeGreaterThan(0);
      expect(helpOf(id)).toMatch(/\nExamples:\n {2}# \S/);
      for (const { command: line } of description.examples) {
        const called = calls(line.replaceAll('<%= config.bin %>', 'kubectl netmachinery'));
        expect(called.length, line).toBeGreaterThan(0);
        for (const words of called) {
          const known = commandSurface.get(commandId(words, new Set(ids)) ?? '');
          expect(known, line).toBeDefined();
          const flags = known?.flags.flatMap(({ name, char = '', aliases = [] }) => [
            `--${name}`,
            `-${char}`,
            ...aliases.map((alias) => `--${alias}`),
          ]);
          const given = words.filter((word) => /^-\S/.test(word)).map((word) => word.replace(/=.*$/, ''));
          expect(flags, line).toEqual(expect.arrayContaining(given));
        }
      }
    });

    it('begins with the summary, then examples and usage; its own flags come before what is common to all', () => {
      const text = helpOf(id);
      expect(text.startsWith(description.summary.slice(0, 30))).toBe(true);
      const order = titles(text).map((title) => title.replace(/^Options(?: \((?!kubectl).*\))?:$/, 'own:'));
      const expected = [
        'Examples:',
        'Available Commands:',
        'Usage:',
        'Arguments:',
        'own:',
        'Exit Codes:',
        'Permissions:',
        'Options (kubectl):',
      ];
      const places = order.map((title) => expected.indexOf(title));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places).not.toContain(-1);
      expect(order).toEqual(expect.arrayContaining(['Examples:', 'Usage:', 'Exit Codes:', 'Permissions:']));
    });

    it('names every flag, and fits', () => {
      for (const width of [40, 80, 120]) {
        const text = helpOf(id, width);
        for (const { name, hidden } of description.flags) if (hidden !== true) expect(text).toContain(`--${name}`);
        for (const line of wrapped(text)) expect(line.length, line).toBeLessThanOrEqual(width);
        expect(text).not.toMatch(/[ \t]\n|\n{3}|undefined|<%/);
      }
    });
  },
);

describe('the help of the plugin', () => {
  it('names every command of the first level, and how to learn more', () => {
    const text = pluginHelp();
    for (const id of ids.filter((one) => !one.includes(':'))) expect(text).toMatch(new RegExp(`^  ${id} `, 'm'));
    expect(text).toContain('kubectl netmachinery COMMAND --help');
    expect(text).toContain('kubectl netmachinery options');
    expect(titles(text)[0]).toBe('Examples:');
    for (const line of wrapped(text)) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('copes with commands that it does not know, and with those below a word that is none', () => {
    const surface = surfaceOf(command('newcomer'), command('config:view'), command('secret', { hidden: true }));
    const text = helpText({ of: 'plugin' }, 80, surface);
    expect(text).toMatch(/Settings Commands:\n {2}config view {2}Do config:view\n/);
    expect(text).toMatch(/Other Commands:\n {2}newcomer {5}Do newcomer\n/);
    expect(text).not.toContain('secret');
    expect(helpText({ of: 'command', id: 'config' }, 80, surface)).toContain('  config view  Do config:view\n');
  });
});

it('a command without anything has a summary, its usage and exit codes', () => {
  const surface = surfaceOf(command('bare', { flags: [flag('only')] }));
  expect(helpText({ of: 'command', id: 'bare' }, 80, surface)).toBe(`Do bare.

Usage:
  kubectl netmachinery bare

Options:
      --only=VALUE  What only does

Exit Codes:
  0    done
  2    bad words, flags, values or files
  3    the tool failed

Permissions:
  None: no cluster is asked.
`);
});

it("options explains kubectl's flags, and no others", () => {
  const text = optionsText(80);
  for (const name of ['namespace', 'context', 'request-timeout', 'as-user-extra', 'v'])
    expect(text).toContain(`--${name}=`);
  expect(text).not.toContain('--mode');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

describe('the width of help', () => {
  it.each([
    [{}, 80],
    [{ isTTY: false, columns: 200 }, 80],
    [{ isTTY: true, columns: 0 }, 80],
    [{ isTTY: true, columns: 72 }, 72],
    [{ isTTY: true, columns: 10 }, 40],
    [{ isTTY: true, columns: 300 }, 120],
  ])('of %j is %i', (stream, width) => {
    expect(helpWidth(stream)).toBe(width);
  });
});
