// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { AgentBook } from '../../../../src/agents/check-server/agent-book.js';
import { AgentEntry } from '../../../../src/agents/check-server/agent-entry.js';
import { agentMetrics } from '../../../../src/agents/check-server/agent-metrics.js';
import { newRecord, recordAfter } from '../../../../src/agents/check-server/agent-record.js';
import { Judge } from '../../../../src/agents/check-server/judge.js';
import { usualSettings } from '../../../../src/agents/check-server/settings.js';
import type { World } from '../../../../src/agents/check-server/world.js';
import { reportWith } from './reports.js';

/** The parts of a world and a book that count here; `newestPod` is only asked for by the judge. */
function withAgent(newestPod: () => undefined) {
  const entry = new AgentEntry(newRecord('node"1', 'pod'), performance.now());
  const report = reportWith([
    { kind: 'agent', node: 'node2', values: { tcp: 1, udp: 'timeout', icmp: 'unsupported' } },
  ]);
  entry.hear(recordAfter(entry.record, report, Date.now()), report, JSON.stringify(report), performance.now(), 1);
  const expected = [{ name: 'node"1', ready: true, schedulable: true }];
  const world = { expected, settings: { ...usualSettings, networks: ['pod'] }, newestPod } as unknown as World;
  const book = { entries: new Map([['node"1/pod', entry]]) } as unknown as AgentBook;
  const lines: string[] = [];
  return { book, world, judge: new Judge(book, world, (line) => lines.push(line)), lines };
}

describe('the metrics of agents', () => {
  it('are those of each agent, of pairs and of the verdict', async () => {
    const { book, world, judge, lines } = withAgent(() => undefined);
    const text = await agentMetrics(book, world, judge);
    expect(text).toContain('netmachinery_check_agent_up{node="node\\"1",network="pod"} 1\n');
    expect(text).toContain('netmachinery_check_agents{network="pod",state="OK"} 1\n');
    expect(text).toContain('target="agent",probe="udp",outcome="failed"} 1\n');
    expect(text).not.toContain('probe="icmp"');
    expect(text).toContain('netmachinery_check_pair_failed{source="node\\"1",destination="node2"} 1\n');
    expect(text).toContain('netmachinery_check_verdict{verdict="pass"}');
    expect(lines).toEqual([]);
  });

  it('leave out what follows from a report that cannot be made, which is logged once', async () => {
    const { book, world, judge, lines } = withAgent(() => {
      throw new Error('no report today');
    });
    for (let time = 0; time < 3; time++) {
      const text = await agentMetrics(book, world, judge);
      expect(text).toContain('netmachinery_check_agent_up{node="node\\"1",network="pod"} 1\n');
      expect(text).not.toMatch(/netmachinery_check_(?:verdict|findings|pair_rtt_seconds)/);
    }
    expect(lines).toEqual(['the report of the cluster cannot be made: no report today']);
  });
});
