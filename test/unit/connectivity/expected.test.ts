// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { agentCause, agentState } from '../../../src/connectivity/agent-state.js';
import { expectedNodes } from '../../../src/connectivity/expected.js';
import { loadText } from '../../../src/connectivity/load.js';
import type { Node } from '../../../src/kube/objects.js';
import { settingsOf } from './simulated-cluster.js';

const all = { nodeSelector: {}, tolerations: [], includeUnschedulable: false };
const node = (name: string, spec: Node['spec'] = {}, status = 'True'): Node => ({
  metadata: { name, labels: { 'kubernetes.io/os': 'linux', pool: name.slice(0, 1) } },
  spec,
  status: { conditions: [{ type: 'Ready', status, message: 'Kubelet stopped posting node status.' }] },
});
const names = (nodes: Node[], selection = {}) => expectedNodes(nodes, { ...all, ...selection }).map(({ name }) => name);

describe('expectedNodes', () => {
  it('is Linux nodes that are selected, by name, cordoned ones only when asked for', () => {
    const windows: Node = { metadata: { name: 'w', labels: { 'kubernetes.io/os': 'windows' } } };
    const nodes = [node('b1'), windows, node('a1'), node('a2', { unschedulable: true })];
    expect(names(nodes)).toEqual(['a1', 'b1']);
    expect(names(nodes, { nodeSelector: { pool: 'a' }, includeUnschedulable: true })).toEqual(['a1', 'a2']);
  });

  it('matches tolerations as Kubernetes does, where there are any', () => {
    const tainted = [node('a', { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] })];
    expect(names(tainted)).toEqual(['a']);
    expect(names(tainted, { tolerations: [{ key: 'gpu', value: 'yes' }] })).toEqual(['a']);
    expect(names(tainted, { tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }] })).toEqual(['a']);
    expect(names(tainted, { tolerations: [{ operator: 'Exists' }] })).toEqual(['a']);
    expect(names(tainted, { tolerations: [{ key: 'gpu', value: 'no' }] })).toEqual([]);
    expect(names(tainted, { tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }] })).toEqual([]);
    const unready = [
      node('a', { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] }, 'Unknown'),
    ];
    expect(names(unready, { tolerations: [{ key: 'gpu' }] })).toEqual(['a']);
  });

  it('tells what explains that a node has no agent', () => {
    const [one] = expectedNodes([node('a', {}, 'Unknown')], all);
    expect(one).toEqual({
      name: 'a',
      isReady: false,
      isCordoned: false,
      condition: 'NotReady: Kubelet stopped posting node status',
    });
    if (one !== undefined)
      expect(agentCause(one, undefined)).toBe('node NotReady: Kubelet stopped posting node status');
  });
});

describe('agentState', () => {
  it('is Outdated after 2 intervals and Absent after 10, nobody before the grace ends', () => {
    const at = (silentMs: number | undefined, graceUntilMs = 0) =>
      agentState({
        nowMs: 1_000_000,
        intervalMs: 15_000,
        lastReportMs: silentMs === undefined ? undefined : 1_000_000 - silentMs,
        graceUntilMs,
      });
    expect([at(30_000), at(30_001), at(149_999), at(150_000), at(undefined)]).toEqual([
      'OK',
      'Outdated',
      'Outdated',
      'Absent',
      'Absent',
    ]);
    expect([at(undefined, 1_000_001), at(150_000, 1_000_001)]).toEqual(['OK', 'OK']);
  });
});

describe('agentCause', () => {
  const well = { name: 'a', isReady: true, isCordoned: false, condition: undefined };
  const pod = (status: object) => ({ metadata: { name: 'p' }, spec: { containers: [] }, status });
  it('is in the words of the scheduler and of the kubelet', () => {
    expect(agentCause(well, undefined)).toBe('no pod');
    expect(agentCause({ ...well, isCordoned: true }, undefined)).toBe('cordoned');
    const conditions = [
      { type: 'PodScheduled', status: 'False', message: '0/2 nodes are available: 2 Insufficient cpu.' },
    ];
    expect(agentCause(well, pod({ phase: 'Pending', conditions }))).toBe(
      'pod Pending: 0/2 nodes are available: 2 Insufficient cpu.',
    );
    const waiting = (reason: string, message: string) =>
      pod({ phase: 'Pending', containerStatuses: [{ name: 'c', state: { waiting: { reason, message } } }] });
    expect(agentCause(well, waiting('ImagePullBackOff', 'Back-off pulling image "x"'))).toBe(
      'pod cannot start: ImagePullBackOff: Back-off pulling image "x"',
    );
    expect(agentCause(well, waiting('CrashLoopBackOff', 'back-off 10s'))).toBe('pod is crashing: back-off 10s');
    expect(agentCause(well, pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }))).toBe('silent');
  });
});

describe('loadText', () => {
  it('says what a round costs', () => {
    expect(loadText(2, 2, settingsOf({ nodes: 2 }))).toMatchInlineSnapshot(
      `"about 108 probes and 4 reports every 15 s"`,
    );
    expect(loadText(1000, 2, settingsOf({ nodes: 1000 }))).toMatchInlineSnapshot(
      `"about 252,000 probes and 2,000 reports every 15 s"`,
    );
    expect(loadText(1, 1, settingsOf({ nodes: 1 }), 'in each of 3 or 4 rounds')).toMatchInlineSnapshot(
      `"about 11 probes and 1 report in each of 3 or 4 rounds"`,
    );
  });
});
