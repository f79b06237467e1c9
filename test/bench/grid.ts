// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../src/errors/failure.js';
import type { Report } from '../../src/model/report.js';
import { createReady, images, kubectl, podManifest } from '../e2e/kubectl.js';
import type { Bench } from './bench.js';
import { measuredRow } from './row.js';
import { plugin, timed } from './timed.js';

const pods = 30;
/** All pairs; a pod's way to itself may be left out. */
const leastTests = pods * (pods - 1);
const warmRounds = 3;

/** Every pod to every other one, by ICMP and TCP, at least 1,740 tests, with everything at its default. */
export const grid: Bench = {
  name: 'grid',
  summary: '30 sources to 30 destinations, ICMP and TCP',
  measure: async ({ namespace: openNamespace, signal, progress }) => {
    const namespace = await openNamespace();
    progress(`grid: ${pods} new pods`);
    const labels = { app: 'grid' };
    const names = Array.from({ length: pods }, (_, index) => `grid-${String(index).padStart(2, '0')}`);
    await createReady(namespace, ...names.map((name) => podManifest(name, { image: images.web, labels })));

    const measure = async (verb: string, toSelector: string): Promise<number> => {
      const selection = ['-l', 'app=grid', '--mode', 'all', '--max-pods', String(pods), '--to-selector', toSelector];
      const { ms, stdout } = await timed(plugin('executable', [verb, '-n', namespace, ...selection, '-o', 'json']), {
        signal,
        anyExitCode: true,
      });
      const { summary } = JSON.parse(stdout) as Report;
      if (summary.pass < Math.max(summary.total, leastTests)) {
        throw new Failure('tool', `${verb}: ${summary.pass} of ${summary.total} tests passed`);
      }
      return ms;
    };
    const icmp: number[] = [];
    const tcp: number[] = [];
    for (let round = 0; round <= warmRounds; round++) {
      progress(`grid: ${round === 0 ? 'cold' : `warm, round ${round} of ${warmRounds}`}`);
      icmp.push(await measure('ping', 'app=grid'));
      tcp.push(await measure('connect', 'app=grid:8080'));
    }
    await kubectl(['delete', 'pod', '-n', namespace, '-l', 'app=grid', '--wait=false']);
    const sums = icmp.map((ms, round) => ms + (tcp[round] ?? Number.NaN));
    return [
      measuredRow({ name: '30 x 30, cold', budget: { atMost: 20_000 } }, sums.slice(0, 1)),
      measuredRow({ name: '30 x 30, warm', budget: { atMost: 10_000 } }, sums.slice(1)),
      measuredRow({ name: '  of it ICMP (5 echoes)' }, icmp.slice(1)),
      measuredRow({ name: '  of it TCP (3 attempts)' }, tcp.slice(1)),
    ];
  },
};
