// SPDX-License-Identifier: Apache-2.0
import type { CommandDescription } from '../surface/command-surface.js';
import { asksCluster } from './flag-text.js';

/** An exit code and when it comes. */
export interface ExitCode {
  code: number;
  meaning: string;
}

const usage = 'bad words, flags, values or files, or a name, context or selector that matches nothing';
const failed = 'the tool, the cluster or a permission failed';
const interrupted = 'interrupted, after cleaning up';

type Meanings = Readonly<Record<number, string>>;

/** What most commands end with; `2`, `3` and `130` mean the same everywhere. */
const usual: Meanings = { 0: 'done', 2: usage, 3: failed, 130: interrupted };
const withoutCluster: Meanings = { 0: 'done', 2: 'bad words, flags, values or files', 3: 'the tool failed' };

/** Of the commands that make tests, and so of the plugin. */
const ofTests: Meanings = {
  ...usual,
  0: 'all tests passed; never without a test',
  1: 'a test failed (--exit-zero-on-failure: does not count)',
  4: 'inconclusive (--ignore inconclusive)',
  5: 'unsupported: it cannot be done here (--ignore unsupported)',
  130: 'interrupted, after cleaning up; also the normal end of --watch',
};

const unsupported = 'unsupported: it cannot be done here';

const others: Readonly<Record<string, Meanings>> = {
  shape: {
    ...usual,
    0: 'shaped, and measured so; with a command after --, what that one ends with',
    1: 'the effect is not what was asked for',
    3: `${failed}, or a shape is left`,
    4: 'the effect could not be judged',
    5: unsupported,
    130: 'interrupted, after clearing the shape',
  },
  heal: { ...usual, 0: 'nothing is shaped any more', 5: unsupported },
  'shape:clear': { ...usual, 0: 'nothing is shaped any more', 5: unsupported },
  inject: { ...usual, 5: unsupported },
  preflight: {
    ...usual,
    0: 'it can work here',
    3: 'something is in the way, or could not be looked at',
    5: unsupported,
  },
  mesh: {
    ...usual,
    0: 'shown, whatever probers found',
    2: `${usage}; no prober`,
    3: `${failed}; no prober could be read`,
  },
  check: {
    ...usual,
    0: 'nothing is broken',
    1: 'something is broken, or an agent is not there',
    4: 'inconclusive',
    5: unsupported,
    130: 'interrupted, after removing everything',
  },
  'check:install': { ...usual, 0: 'installed, or as the flags say', 130: 'interrupted: what is there by then stays' },
  'check:status': {
    ...usual,
    0: 'nothing is broken',
    1: 'something is broken, or an agent is not OK',
    2: `${usage}; no check is installed`,
    3: `${failed}; the server does not answer`,
    4: 'inconclusive',
    5: unsupported,
    130: 'interrupted; also the normal end of --watch',
  },
  'check:uninstall': {
    ...usual,
    0: 'nothing of it is left, also where nothing was',
    130: 'interrupted: what is there by then stays',
  },
  report: {
    ...ofTests,
    0: 'all tests had passed; with --diff nothing is worse',
    1: 'a test had failed; with --diff something is worse',
    130: 'the run had been interrupted',
  },
  validate: { ...withoutCluster, 0: 'nothing is wrong', 2: 'something is wrong, and where' },
};

/** Commands whose exit code is that of tests have the flag that takes verdicts out of it. */
const makesTests = ({ flags }: CommandDescription) => flags.some(({ name }) => name === 'ignore');

function listed(meanings: Meanings): ExitCode[] {
  return Object.entries(meanings).map(([code, meaning]) => ({ code: Number(code), meaning }));
}

/** What a command ends with, smallest code first. */
export function exitCodesOf(command: CommandDescription): ExitCode[] {
  const known = others[command.id];
  if (known !== undefined) return listed(known);
  if (makesTests(command)) return listed(ofTests);
  return listed(asksCluster(command) ? usual : withoutCluster);
}

/** What any command may end with. */
export const exitCodes: readonly ExitCode[] = listed(ofTests);
