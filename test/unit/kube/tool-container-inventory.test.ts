// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { proberContainer } from '../../../src/injection/ephemeral/container.js';
import type { Container, Pod } from '../../../src/kube/objects.js';
import { probePodLabel } from '../../../src/kube/probe-pod-metadata.js';
import { leftoversOf } from '../../../src/kube/tool-container-inventory.js';
import { toolContainerSpec } from '../../../src/kube/tool-container-spec.js';

const request = { image: 'tools:1', caller: 'jane', reason: 'ticket 7' };

function podWith(ephemeralContainers: Container[], status: Pod['status'] = {}): Pod {
  return {
    metadata: { namespace: 'shop', name: 'web', uid: 'u' },
    spec: { containers: [], ephemeralContainers },
    status,
  };
}

describe('what of ours is in a pod', () => {
  it('is its tool containers with who asked and why, whatever their rights', () => {
    const own = toolContainerSpec(request, 1);
    const raw = toolContainerSpec({ image: 'tools:1', capabilities: ['NET_RAW'] }, 2);
    const startedAt = '2026-11-21T12:00:00Z';
    const ephemeralContainerStatuses = [
      { name: own.name, state: { running: { startedAt } } },
      { name: raw.name, state: { waiting: { reason: 'ImagePullBackOff' } } },
    ];
    expect(leftoversOf(podWith([own, raw], { ephemeralContainerStatuses }))).toMatchObject([
      { container: 'netmachinery-1', caller: 'jane', reason: 'ticket 7', state: 'running', startedAt, idles: true },
      { container: 'netmachinery-raw-2', caller: undefined, state: 'waiting', waitingReason: 'ImagePullBackOff' },
    ]);
  });

  it('is its ephemeral probers, which may be ended at any time', () => {
    const options = { agentImage: 'agent:1', mesh: 'mesh', durationSeconds: 600, caller: 'jane' };
    const prober = proberContainer(podWith([]), options);
    const ephemeralContainerStatuses = [{ name: prober.name, state: { running: {} } }];
    const foreign = { ...prober, name: 'net-prober-2', env: [] };
    expect(leftoversOf(podWith([prober, foreign], { ephemeralContainerStatuses }))).toMatchObject([
      { kind: 'Prober', container: 'net-prober-1', caller: 'jane', state: 'running', idles: true },
    ]);
  });

  it('are no containers of others, be their names like ours', () => {
    const nameless = { ...toolContainerSpec(request, 1), env: [] };
    const names = ['netmachinery', 'netmachinery-x', 'debugger-1', 'netmachinery-1a'];
    const others = names.map((name) => ({ ...toolContainerSpec(request, 1), name }));
    expect(leftoversOf(podWith([nameless, ...others]))).toEqual([]);
  });

  it('has ended where the pod has finished, and waits where nothing is known yet', () => {
    const own = toolContainerSpec(request, 1);
    const running = [{ name: own.name, state: { running: {} } }];
    const finished = podWith([own], { phase: 'Succeeded', ephemeralContainerStatuses: running });
    expect(leftoversOf(finished)[0]?.state).toBe('ended');
    expect(leftoversOf(podWith([own]))[0]?.state).toBe('waiting');
  });

  it('ends by itself where its command is its work', () => {
    const once = { ...toolContainerSpec(request, 1), name: 'netmachinery-raw-once-1', command: ['sh', '-c', 'ping x'] };
    expect(leftoversOf(podWith([once]))).toMatchObject([{ container: once.name, idles: false }]);
  });

  it('is the pod itself where it was made to probe', () => {
    const idle = { ...toolContainerSpec({ image: 'tools:1' }, 1), name: 'probe' };
    const pod: Pod = {
      metadata: {
        namespace: 'shop',
        name: 'web-probe',
        labels: { [probePodLabel]: 'web' },
        annotations: { 'netmachinery.io/caller': 'jane' },
        creationTimestamp: '2026-11-21T12:00:00Z',
      },
      spec: { containers: [idle] },
      status: { containerStatuses: [{ name: 'probe', state: { running: {} } }] },
    };
    expect(leftoversOf(pod)).toMatchObject([
      { kind: 'ProbePod', pod: 'web-probe', container: 'probe', caller: 'jane', state: 'running' },
    ]);
  });
});
