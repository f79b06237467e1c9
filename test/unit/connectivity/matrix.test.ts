// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { CheckInput } from '../../../src/connectivity/check-report.js';
import { matrixOf } from '../../../src/connectivity/matrix.js';
import { judgedAgents } from '../../../src/connectivity/observation.js';
import { finished } from '../../../src/connectivity/steps.js';
import { retold, simulated, startedAt } from './simulated-cluster.js';

const matrix = (input: CheckInput) => finished(matrixOf(input, judgedAgents(input.agents, Date.parse(startedAt))));
const cell = (input: CheckInput, source: string, destination: string) =>
  matrix(input).find((one) => one.source === source && one.destination === destination);

/** Each agent with its report as often as it is asked for. */
function inRounds(input: CheckInput, rounds: number): CheckInput {
  const agents = input.agents.map((known) => ({
    ...known,
    reports: Array.from({ length: rounds }, () => known.reports).flat(),
  }));
  return { ...input, agents };
}

describe('matrixOf', () => {
  const two = simulated({ nodes: 2 });

  it('has a p95 only from 20 samples on', () => {
    // Both networks to both, with three round trips each: 12 a round.
    expect(cell(two, 'node1', 'node2')).toEqual({
      source: 'node1',
      destination: 'node2',
      verdict: 'pass',
      sent: 22,
      failed: 0,
      p50Ms: 0.4,
      maxMs: 0.4,
    });
    expect(cell(inRounds(two, 2), 'node1', 'node2')).toMatchObject({ p95Ms: 0.4 });
    // Inside of a node there are 6.
    expect(cell(inRounds(two, 3), 'node1', 'node1')).not.toHaveProperty('p95Ms');
    expect(cell(inRounds(two, 4), 'node1', 'node1')).toHaveProperty('p95Ms');
  });

  it('takes no times of requests, which are several round trips', () => {
    const slow = retold(two, ({ kind, values }) =>
      kind === 'agent' ? { values: { ...values, http: 90, large: 100 } } : {},
    );
    expect(cell(slow, 'node1', 'node2')).toMatchObject({ maxMs: 0.4 });
  });

  it('counts the newest report, and takes times of all', () => {
    const [first, second] = [0.4, 0.8].map((ms) =>
      retold(two, ({ kind }) => (kind === 'agent' ? { values: { icmp: ms, udp: ms === 0.4 ? 'timeout' : ms } } : {})),
    );
    const agents = two.agents.map((known, index) => ({
      ...known,
      reports: [first, second].flatMap((input) => input?.agents[index]?.reports ?? []),
    }));
    expect(cell({ ...two, agents }, 'node1', 'node2')).toMatchObject({ verdict: 'pass', failed: 0, p50Ms: 0.8 });
    expect(cell({ ...two, agents }, 'node1', 'node2')?.sent).toBe(8);
  });

  it('fails with one probe, is unsupported where none can be made and inconclusive where none was', () => {
    const toNode2 = (values: object) =>
      retold(two, ({ kind, node }) => (kind === 'agent' && node === 'node2' ? { values } : {}));
    expect(cell(toNode2({ tcp: 'refused', icmp: 'unsupported', udp: 1 }), 'node1', 'node2')).toMatchObject({
      verdict: 'fail',
      sent: 8,
      failed: 4,
    });
    expect(cell(toNode2({ icmp: 'unsupported' }), 'node1', 'node2')).toEqual({
      source: 'node1',
      destination: 'node2',
      verdict: 'unsupported',
      sent: 0,
      failed: 0,
    });
    expect(cell(simulated({ nodes: 2 }, { unheard: ['node1'] }), 'node1', 'node2')).toMatchObject({
      verdict: 'inconclusive',
      sent: 0,
    });
  });

  it('has a cell for each neighbour, and for a node itself only where it has two agents', () => {
    const words = (input: CheckInput) => matrix(input).map(({ source, destination }) => `${source} ${destination}`);
    expect(words(simulated({ nodes: 2, networks: ['pod'] }))).toEqual(['node1 node2', 'node2 node1']);
    const ring = words(simulated({ nodes: 6, neighbours: 2 }));
    expect(ring).toHaveLength(6 * 3);
    expect(ring.filter((word) => word.startsWith('node3 '))).toHaveLength(3);
  });
});
