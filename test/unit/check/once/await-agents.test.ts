// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isHopeless } from '../../../../src/check/once/await-agents.js';
import { isReady } from '../../../../src/check/pod-state.js';
import type { PlannedAgent } from '../../../../src/check/once/once-plan.js';
import type { Pod } from '../../../../src/kube/objects.js';

const createdAt = '2026-01-01T00:00:00Z';
const atMs = (seconds: number) => Date.parse(createdAt) + seconds * 1000;
const pod = (status: NonNullable<Pod['status']>): Pod => ({
  metadata: { name: 'agent-node1', creationTimestamp: createdAt },
  spec: { containers: [] },
  status,
});
const agent = (isReadyNode = true): PlannedAgent => ({
  node: { name: 'node1', isReady: isReadyNode, isCordoned: false, condition: undefined },
  network: 'pod',
  namespace: 'netmachinery-check-0a1b2c3d',
  pod: 'agent-node1',
});
const waiting = (reason: string, message?: string) =>
  pod({ containerStatuses: [{ name: 'x', state: { waiting: { reason, ...(message ? { message } : {}) } } }] });

describe('waiting for an agent', () => {
  it('ends when it is ready', () => {
    expect(isReady(pod({ conditions: [{ type: 'Ready', status: 'True' }] }))).toBe(true);
    expect(isReady(pod({ conditions: [{ type: 'Ready', status: 'False' }] }))).toBe(false);
  });

  it('is of no use where its node is not there, it has ended, or never starts', () => {
    expect(isHopeless(undefined, agent(false), atMs(0))).toBe(true);
    expect(isHopeless(pod({ phase: 'Failed' }), agent(), atMs(0))).toBe(true);
    expect(isHopeless(waiting('ImagePullBackOff'), agent(), atMs(0))).toBe(true);
    expect(isHopeless(waiting('ContainerCreating'), agent(), atMs(60))).toBe(false);
    expect(isHopeless(undefined, agent(), atMs(60))).toBe(false);
  });

  it('gives the scheduler some time', () => {
    const unschedulable = pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] });
    expect(isHopeless(unschedulable, agent(), atMs(5))).toBe(false);
    expect(isHopeless(unschedulable, agent(), atMs(11))).toBe(true);
  });
});
