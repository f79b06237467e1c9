// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../../src/model/check.js';
import { images } from '../e2e/kubectl.js';
import type { Bench } from './bench.js';
import { measuredRow } from './row.js';
import { plugin, timed } from './timed.js';

const rounds = 3;

/** A one-shot check of all nodes that the test cluster has just now (`npm run cluster -- up --node2` for two). */
export const checkOnce: Bench = {
  name: 'check',
  summary: 'a one-shot check, until its verdict and until all of it is removed',
  measure: async ({ signal, progress }) => {
    const argv = plugin('executable', ['check', '--yes', '--agent-image', images.agent, '-o', 'json']);
    const verdicts: number[] = [];
    const all: number[] = [];
    let nodes = 0;
    for (let round = 1; round <= rounds; round++) {
      progress(`check: ${round} of ${rounds}`);
      const { ms, stdout } = await timed(argv, { signal });
      const report = JSON.parse(stdout) as CheckReport;
      verdicts.push(report.durationMs);
      all.push(ms);
      nodes = report.nodes.length;
    }
    return [
      measuredRow({ name: `check, ${nodes} nodes, until its verdict` }, verdicts),
      measuredRow({ name: '  until it is removed', budget: { atMost: 60_000 } }, all),
    ];
  },
};
