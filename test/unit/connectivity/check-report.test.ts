// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkReport } from '../../../src/connectivity/check-report.js';
import type { CheckOutage } from '../../../src/model/check.js';
import { simulated } from './simulated-cluster.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 12, minute)).toISOString();

function outage(node: string, minute: number, more: Partial<CheckOutage> = {}): CheckOutage {
  return { node, network: 'pod', state: 'Outdated', from: at(minute), to: at(minute + 1), cause: 'silent', ...more };
}

function outagesOf(outages: readonly CheckOutage[]): CheckOutage[] {
  return checkReport({ ...simulated({ nodes: 2 }), outages }).outages;
}

describe('outages', () => {
  it('are newest first, of one time by node', () => {
    const given = [outage('node2', 5), outage('node1', 1), outage('node1', 5), outage('node2', 9, { to: undefined })];
    expect(outagesOf(given).map(({ node, from }) => `${from.slice(14, 16)} ${node}`)).toEqual([
      '09 node2',
      '05 node1',
      '05 node2',
      '01 node1',
    ]);
  });

  it('are the newest 20 of each node', () => {
    const given = Array.from({ length: 30 }, (_, minute) => [outage('node1', minute), outage('node2', minute)]).flat();
    const told = outagesOf([...given, outage('node3', 0)]);
    const of = (name: string) => told.filter(({ node }) => node === name);
    expect([of('node1').length, of('node2').length, of('node3').length]).toEqual([20, 20, 1]);
    expect(of('node1').at(-1)?.from).toBe(at(10));
  });

  it('are told as they were, and that are over change no verdict', () => {
    const given = [outage('node1', 3, { state: 'Absent', cause: undefined })];
    const report = checkReport({ ...simulated({ nodes: 2 }), outages: given });
    expect(report.outages).toEqual(given);
    expect(report.verdict).toBe('pass');
  });
});

describe('a report', () => {
  it('of a cluster in which no agent has told anything yet is inconclusive', () => {
    const input = simulated({ nodes: 2 });
    const agents = input.agents.map(({ node, network, agent }) => ({
      node,
      network,
      agent: { network: agent.network, state: agent.state },
      reports: [],
    }));
    expect(checkReport({ ...input, agents })).toMatchObject({ verdict: 'inconclusive', findings: [], services: [] });
  });

  it('is of nothing where no node is expected', () => {
    const report = checkReport({ ...simulated({ nodes: 1 }), nodes: [], agents: [] });
    expect(report).toMatchObject({ verdict: 'inconclusive', nodes: [], matrix: [] });
    expect(report.summary.total).toBe(0);
  });

  it('says how large the payload is', () => {
    const bytes = (payloadEntries: number) => {
      const input = simulated({ nodes: 1 });
      return checkReport({ ...input, settings: { ...input.settings, payloadEntries } }).payloadBytes;
    };
    for (const entries of [0, 1, 1500]) expect(bytes(entries)).toBe(JSON.stringify(Array(entries).fill(0)).length);
  });
});
