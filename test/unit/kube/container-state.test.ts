// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isRunning } from '../../../src/kube/container-state.js';
import type { Pod } from '../../../src/kube/objects.js';
import { probePodLabel } from '../../../src/kube/probe-pod-metadata.js';

const evicted = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' };
const pod = (status: NonNullable<Pod['status']>, labels: Record<string, string> = {}): Pod => ({
  metadata: { name: 'web', namespace: 'shop', labels },
  spec: { containers: [{ name: 'main' }] },
  status,
});
const probe = { [probePodLabel]: 'true' };
const thrown = (seen: Pod, container: string) => {
  try {
    return isRunning(seen, container);
  } catch (failure) {
    return failure;
  }
};

describe('a pod that has finished', () => {
  it("is a source that went away, with the kubelet's words", () => {
    expect(thrown(pod(evicted), 'netmachinery-1')).toMatchObject({
      code: 'notFound',
      reason: 'SourceVanished',
      message: 'pod shop/web has finished (Failed: Evicted: The node was low on resource: memory.)',
    });
    expect(thrown(pod({ phase: 'Succeeded' }), 'netmachinery-1')).toMatchObject({
      message: 'pod shop/web has finished (Succeeded)',
    });
  });

  it.each(['OutOfpods', 'OutOfcpu', 'Evicted', 'DeadlineExceeded'])(
    'is a failure of our own where it is a probe pod: %s',
    (reason) => {
      const failure = thrown(pod({ phase: 'Failed', reason }, probe), 'netmachinery-1');
      expect(failure).toMatchObject({ code: 'tool', reason: 'ToolContainerFailed' });
      expect((failure as Error).message).toBe(`probe pod shop/web has finished (Failed: ${reason})`);
    },
  );

  it('says with which exit code a probe pod ended that ran', () => {
    const containerStatuses = [{ name: 'netmachinery-1', state: { terminated: { exitCode: 2, reason: 'Error' } } }];
    const failure = thrown(pod({ phase: 'Failed', containerStatuses }, probe), 'netmachinery-1');
    expect(failure).toMatchObject({ code: 'tool' });
    expect((failure as Error).message).toContain('exit code 2');
  });
});

describe('a container that waits', () => {
  const waiting = (message: string) => ({
    ephemeralContainerStatuses: [
      { name: 'netmachinery-1', state: { waiting: { reason: 'CreateContainerConfigError', message } } },
    ],
  });

  it('never starts where something that it needs is not there', () => {
    const failure = thrown(pod(waiting('configmap "not-there" not found')), 'netmachinery-1');
    expect((failure as Error).message).toContain('cannot start: CreateContainerConfigError: configmap "not-there"');
  });

  it.each(['configmap', 'secret'])('is waited for while the kubelet waits for its first list of them: %s', (kind) => {
    const slow = waiting(`failed to sync ${kind} cache: timed out waiting for the condition`);
    expect(thrown(pod(slow), 'netmachinery-1')).toBe(false);
  });
});
