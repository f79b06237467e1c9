// SPDX-License-Identifier: Apache-2.0
import type { Bench } from './bench.js';
import { interleave } from './comparison.js';
import { comparedRow } from './row.js';
import { plugin, timed } from './timed.js';

const rounds = 15;
const kubectlVersion = 'kubectl version --client';
const bareNode = 'node -e 0';

/** Answers that need no cluster, against kubectl's own and against an empty program of Node.js. */
export const startUp: Bench = {
  name: 'start-up',
  summary: 'version --client, --help and version',
  measure: async ({ signal, progress }) => {
    const answers = [['version', '--client'], ['--help'], ['ping', '--help']];
    const command = (name: string, words: readonly string[]) => ({
      name,
      run: async () => (await timed(words, { signal })).ms,
    });
    const contenders = [
      command(kubectlVersion, ['kubectl', 'version', '--client']),
      command(bareNode, [process.execPath, '-e', '0']),
      ...answers.flatMap((words) => [
        command(`executable ${words.join(' ')}`, plugin('executable', words)),
        command(`node ${words.join(' ')}`, plugin('node', words)),
      ]),
    ];
    progress(`start-up: ${contenders.length} programs, ${rounds} rounds`);
    await interleave(contenders, 1);
    const costs = await interleave(contenders, rounds);
    return answers.flatMap((words) => {
      const name = words.join(' ');
      return [
        comparedRow(
          { name: `${name}, executable`, budget: { timesReference: 0.8 } },
          costs,
          `executable ${name}`,
          kubectlVersion,
        ),
        comparedRow({ name: `${name}, Node.js`, budget: { overReference: 60 } }, costs, `node ${name}`, bareNode),
      ];
    });
  },
};
