// SPDX-License-Identifier: Apache-2.0
import type { Launcher } from '../e2e/cli.js';
import type { Bench } from './bench.js';
import { interleave } from './comparison.js';
import { comparedRow, type Budget, type Row } from './row.js';
import { plugin, timed } from './timed.js';

const rounds = 15;
const kubectlVersion = 'kubectl version --client';
const bareNode = 'node -e 0';

interface Answer {
  words: readonly string[];
  /** It is answered by the commands' description alone: what loads a command has no budget. */
  budgeted: boolean;
}

const answers: readonly Answer[] = [
  { words: ['version', '--client'], budgeted: true },
  { words: ['--help'], budgeted: true },
  { words: ['ping', '--help'], budgeted: true },
  { words: ['__complete', ''], budgeted: true },
  { words: ['__complete', 'ping', '--'], budgeted: true },
  // Refused once all of the command is loaded.
  { words: ['ping', 'a'], budgeted: false },
];

/** Each way to run it, what it is compared with, and its budget against one of them. */
const ways: readonly { launcher: Launcher; name: string; reference: string; budget: Budget | undefined }[] = [
  { launcher: 'executable', name: 'executable', reference: kubectlVersion, budget: { timesReference: 0.8 } },
  { launcher: 'node', name: 'Node.js', reference: bareNode, budget: { overReference: 60 } },
  { launcher: 'node', name: 'Node.js', reference: kubectlVersion, budget: undefined },
];

function written(words: readonly string[]): string {
  return words.map((word) => word || "''").join(' ');
}

function contenderName(launcher: Launcher, words: readonly string[]): string {
  return `${launcher} ${written(words)}`;
}

function answerRows({ words, budgeted }: Answer, costs: ReadonlyMap<string, number[]>): Row[] {
  return ways.map(({ launcher, name, reference, budget }) =>
    comparedRow(
      { name: `${written(words)}, ${name}`, ...(budgeted && budget !== undefined ? { budget } : {}) },
      costs,
      contenderName(launcher, words),
      reference,
    ),
  );
}

/** Answers that need no cluster, against kubectl's own and against an empty program of the same Node.js. */
export const startUp: Bench = {
  name: 'start-up',
  summary: 'version --client, help, completion and a refused command line',
  measure: async ({ signal, progress }) => {
    const command = (name: string, argv: readonly string[], anyExitCode = false) => ({
      name,
      run: async () => (await timed(argv, { signal, anyExitCode })).ms,
    });
    const contenders = [
      command(kubectlVersion, ['kubectl', 'version', '--client']),
      command(bareNode, [process.execPath, '-e', '0']),
      ...(['executable', 'node'] as const).flatMap((launcher) =>
        answers.map(({ words, budgeted }) =>
          command(contenderName(launcher, words), plugin(launcher, words), !budgeted),
        ),
      ),
    ];
    progress(`start-up: ${contenders.length} programs, ${rounds} rounds`);
    await interleave(contenders, 1);
    const costs = await interleave(contenders, rounds);
    return answers.flatMap((answer) => answerRows(answer, costs));
  },
};
