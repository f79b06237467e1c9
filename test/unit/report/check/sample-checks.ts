// SPDX-License-Identifier: Apache-2.0
import {
  defaultNeighbourCount,
  defaultPayloadEntries,
  type CheckAgent,
  type CheckCell,
  type CheckNode,
  type CheckReport,
  type CheckService,
} from '../../../../src/model/check.js';
import type { Summary } from '../../../../src/model/report.js';
import type { Verdict } from '../../../../src/model/verdict.js';

/** An agent as a kernel of Debian would have it. */
export function agent(network: CheckAgent['network'], more: Partial<CheckAgent> = {}): CheckAgent {
  return {
    network,
    state: 'OK',
    pod: `netmachinery-check-agent-${network === 'pod' ? 'x7k2p' : 'r4v9c'}`,
    lastReport: '2026-11-22T10:20:26.000Z',
    kernel: '6.12.48+deb13-amd64',
    uptimeSeconds: 86_400.42,
    clockSkewMs: 12,
    interfaces: [
      {
        name: 'eth0',
        mtu: 1450,
        addresses: ['198.19.0.7/24', '2001:2:0:1::7/64'],
        rxErrors: 0,
        txErrors: 0,
        rxDropped: 12,
        txDropped: 0,
      },
    ],
    resolver: { nameservers: ['198.18.0.10'], search: ['svc.cluster.local', 'cluster.local'] },
    ...more,
  };
}

export function node(name: string, more: Partial<CheckNode> = {}): CheckNode {
  return { name, state: 'OK', agents: [agent('pod'), agent('host')], ...more };
}

export function cell(source: string, destination: string, more: Partial<CheckCell> = {}): CheckCell {
  return { source, destination, verdict: 'pass', sent: 44, failed: 0, p50Ms: 0.41, p95Ms: 0.62, maxMs: 1.9, ...more };
}

function service(label: string, more: Partial<CheckService> = {}): CheckService {
  return { kind: 'dns', label, verdict: 'pass', sent: 4, failed: 0, failedFrom: [], p50Ms: 0.8, maxMs: 2.1, ...more };
}

const worst: Verdict[] = ['fail', 'error', 'inconclusive', 'unsupported'];

/** A report whose summary and verdict are those of its parts. */
export function checkOf(parts: Partial<CheckReport>): CheckReport {
  const { nodes = [], matrix = [], services = [] } = parts;
  const summary: Summary = { total: 0, pass: 0, fail: 0, inconclusive: 0, unsupported: 0, error: 0 };
  const states = nodes.flatMap(({ agents }) => agents.map(({ state }): Verdict => (state === 'OK' ? 'pass' : 'fail')));
  for (const verdict of [...states, ...[...matrix, ...services].map((each) => each.verdict)]) {
    summary.total += 1;
    summary[verdict] += 1;
  }
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'CheckReport',
    mode: 'once',
    startedAt: '2026-11-22T10:20:30.000Z',
    durationMs: 12_300,
    settings: {
      intervalMs: 15_000,
      neighbours: defaultNeighbourCount,
      payloadEntries: defaultPayloadEntries,
      urls: [],
    },
    payloadBytes: 2 * defaultPayloadEntries + 1,
    verdict: worst.find((verdict) => summary[verdict] > 0) ?? 'pass',
    summary,
    warnings: [],
    nodes,
    matrix,
    services,
    findings: [],
    outages: [],
    ...parts,
  };
}

const services = [
  service('server by name', { kind: 'server' }),
  service('API server', { kind: 'api' }),
  service('DNS 198.19.0.3 (coredns-5d79487757-mgnpf on node1)'),
];

/** Two nodes and all is well. */
export const healthy = checkOf({
  nodes: [node('node1'), node('node2')],
  matrix: ['node1', 'node2'].flatMap((source) => ['node1', 'node2'].map((destination) => cell(source, destination))),
  services,
});

/** Two nodes of an installed check, one direction between which is broken; node2 was away a while ago. */
export const oneDirection = checkOf({
  mode: 'installed',
  nodes: [
    node('node1'),
    node('node2', {
      state: 'Outdated',
      condition: 'NotReady: kubelet stopped posting node status',
      agents: [
        agent('pod', { state: 'Outdated', cause: 'node NotReady', lastReport: '2026-11-22T10:19:10Z', lags: true }),
        agent('host', { clockSkewMs: -3210 }),
      ],
    }),
  ],
  matrix: [
    cell('node1', 'node1'),
    cell('node1', 'node2', { verdict: 'fail', failed: 22 }),
    cell('node2', 'node1', { p95Ms: 20 }),
    cell('node2', 'node2'),
  ],
  services: [
    ...services,
    service('URL http://intranet/', { kind: 'url', verdict: 'fail', failed: 2, failedFrom: ['node2'] }),
  ],
  findings: [
    { kind: 'clock', severity: 'warning', nodes: ['node2'], message: "node2's clock is 3.2 s behind", failed: 0 },
    {
      kind: 'direction',
      severity: 'failure',
      nodes: ['node1', 'node2'],
      message: 'packets from node1 to node2 are lost, those from node2 to node1 arrive: 22 of 44 probes failed',
      hint: 'look at the firewall of node2 (nft list ruleset) and at routes of node1 to 198.19.1.0/24',
      failed: 22,
    },
    { kind: 'url', severity: 'failure', nodes: ['node2'], message: 'http://intranet/ fails from node2', failed: 2 },
  ],
  warnings: ['ICMP is unsupported on node2 (host): net.ipv4.ping_group_range'],
  outages: [
    { node: 'node2', network: 'pod', state: 'Outdated', from: '2026-11-22T10:19:40Z', cause: 'node NotReady' },
    { node: 'node2', network: 'host', state: 'Absent', from: '2026-11-21T10:00:00Z', to: '2026-11-21T10:07:30Z' },
  ],
  legacyApi: true,
});

/** Nodes with names as clouds give them; each probes the next 10 on a ring and itself. */
export function manyNodes(count: number, more: Partial<CheckReport> = {}): CheckReport {
  const names = Array.from(
    { length: count },
    (_, index) => `ip-10-0-${Math.floor(index / 100)}-${100 + (index % 100)}.eu-central-1`,
  );
  return checkOf({
    nodes: names.map((name) => node(name)),
    matrix: names.flatMap((source, row) =>
      Array.from({ length: Math.min(count, 11) }, (_, step) =>
        cell(
          source,
          names[(row + step) % count] ?? source,
          row === 3 && step === 5 ? { verdict: 'fail', failed: 11 } : {},
        ),
      ),
    ),
    services,
    ...more,
  });
}

export const empty = checkOf({});
