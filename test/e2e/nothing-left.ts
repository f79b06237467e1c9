// SPDX-License-Identifier: Apache-2.0
import { expect, vi } from 'vitest';
import { probePodLabel } from '../../src/kube/probe-pod-metadata.js';
import { idleProcesses, kubectl, processesOnce } from './kubectl.js';

/**
 * Fails unless a run, whatever became of it, has left nothing behind: the tool containers of `pods` are idle again (a
 * remote command may take some seconds to see that nobody waits for it), and no pod of ours is in the namespace. That our
 * own process has ended is known before: its result is only there then.
 */
export async function expectNothingLeft(namespace: string, ...pods: string[]): Promise<void> {
  const probePods = kubectl(['get', 'pods', '-n', namespace, '-l', probePodLabel, '-o', 'name']);
  const processes = () => Promise.all(pods.map((pod) => processesOnce(namespace, pod, 'idle')));
  const idle = pods.map(() => idleProcesses);
  await vi.waitFor(async () => expect(await processes()).toEqual(idle), { timeout: 20_000 });
  expect(await probePods).toBe('');
}
