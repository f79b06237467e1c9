// SPDX-License-Identifier: Apache-2.0
import { stat } from 'node:fs/promises';
import { launchers } from '../e2e/cli.js';
import type { Bench } from './bench.js';
import { interleave } from './comparison.js';
import { comparedRow, measuredRow } from './row.js';
import { plugin, timed } from './timed.js';

const kubectlVersion = 'kubectl version --client';

const memories = (['executable', 'node'] as const).flatMap((launcher) =>
  [['version', '--client'], ['version'], ['--help']].map((words) => ({ launcher, words })),
);

/** Memory of the smallest answer, and sizes on the disk. */
export const footprint: Bench = {
  name: 'footprint',
  summary: 'memory of version, size of the bundle and the executable',
  measure: async ({ signal }) => {
    const peak = (name: string, command: readonly string[]) => ({
      name,
      run: async () => (await timed(command, { signal, watchMemory: true })).peakMb ?? Number.NaN,
    });
    const costs = await interleave(
      [
        peak(kubectlVersion, ['kubectl', 'version', '--client']),
        ...memories.map(({ launcher, words }) => peak(`${launcher} ${words.join(' ')}`, plugin(launcher, words))),
      ],
      7,
    );
    const [, bundle] = launchers.node;
    const [executable] = launchers.executable;
    return [
      ...memories.map(({ launcher, words }) => {
        const name = `${launcher} ${words.join(' ')}`;
        const options = { name: `memory of ${name}`, unit: 'MB', budget: { atMost: 75 } } as const;
        return comparedRow(options, costs, name, kubectlVersion);
      }),
      measuredRow({ name: 'first file of the bundle', unit: 'KiB', budget: { atMost: 400 } }, [
        (await stat(bundle)).size / 1024,
      ]),
      measuredRow({ name: 'executable', unit: 'MB' }, [(await stat(executable)).size / 1e6]),
    ];
  },
};
