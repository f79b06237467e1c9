// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { rolloutStatus } from '../../../../src/injection/live/rollout-status.js';
import { liveWorkload, type InjectableKind } from '../../../../src/injection/live/workload.js';

const status = (kind: InjectableKind, spec: object, now: object, generation = 2) => {
  const object = { metadata: { name: 'x', generation }, spec, status: { observedGeneration: 2, ...now } };
  return rolloutStatus(liveWorkload(kind, 'shop', object));
};

describe('rolloutStatus', () => {
  const all = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
  it.each([
    ['deployment', { replicas: 2 }, all, 'done'],
    ['deployment', { replicas: 0 }, {}, 'done'],
    ['deployment', { replicas: 2 }, { ...all, updatedReplicas: 1 }, 'waiting'],
    ['deployment', { replicas: 2 }, { ...all, replicas: 3 }, 'waiting'],
    ['deployment', { replicas: 2 }, { ...all, availableReplicas: 1 }, 'waiting'],
    ['deployment', { replicas: 2, paused: true }, all, 'never'],
    ['statefulset', { replicas: 2 }, { readyReplicas: 2, currentRevision: 'a', updateRevision: 'a' }, 'done'],
    ['statefulset', { replicas: 2 }, { readyReplicas: 2, currentRevision: 'a', updateRevision: 'b' }, 'waiting'],
    ['statefulset', { replicas: 2 }, { readyReplicas: 1, currentRevision: 'a', updateRevision: 'a' }, 'waiting'],
    [
      'statefulset',
      { replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } },
      { readyReplicas: 2, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      'done',
    ],
    ['statefulset', { updateStrategy: { type: 'OnDelete' } }, {}, 'never'],
    ['daemonset', {}, { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 }, 'done'],
    ['daemonset', {}, { desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 }, 'waiting'],
    ['daemonset', {}, { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 }, 'waiting'],
    ['daemonset', {}, { desiredNumberScheduled: 0 }, 'done'],
    ['daemonset', { updateStrategy: { type: 'OnDelete' } }, {}, 'never'],
    ['cronjob', {}, {}, 'never'],
  ] as const)('of a %s with %j and %j is %s', (kind, spec, now, state) => {
    expect(status(kind, spec, now).state).toBe(state);
  });

  it('waits until the change is observed', () => {
    expect(status('deployment', { replicas: 2 }, all, 3)).toMatchObject({ state: 'waiting' });
  });

  it('fails in the words of the controller', () => {
    const denied = { type: 'ReplicaFailure', status: 'True', message: 'violates PodSecurity' };
    expect(status('deployment', {}, { conditions: [denied] })).toEqual({
      state: 'failed',
      text: 'violates PodSecurity',
    });
    const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' };
    expect(status('deployment', {}, { conditions: [late] })).toMatchObject({ state: 'failed' });
  });
});
