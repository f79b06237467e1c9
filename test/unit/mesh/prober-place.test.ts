// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { injectWorkload } from '../../../src/injection/inject.js';
import type { Container, ContainerStatus, Pod } from '../../../src/kube/objects.js';
import { probersOf, workloadOf } from '../../../src/mesh/prober-place.js';

const running: ContainerStatus = { name: 'net-prober', state: { running: {} } };

function pod(more: Partial<Pod['metadata']> = {}): Pod {
  return {
    metadata: { name: 'web-0', namespace: 'shop', ...more },
    spec: { nodeName: 'node1', containers: [{ name: 'main', image: 'web' }] },
  };
}

function injected(native: boolean, ports = {}): Pod {
  const options = { agentImage: 'agent:1', mesh: 'shop/rtt', configMap: 'rtt', native, ...ports };
  const found = injectWorkload({ apiVersion: 'v1', kind: 'Pod', ...pod() }, options) as Pod;
  found.status = { [native ? 'initContainerStatuses' : 'containerStatuses']: [running] };
  return found;
}

describe('the probers of a pod', () => {
  it.each([true, false])('are its sidecar, as inject adds it (native: %s)', (native) => {
    expect(probersOf(injected(native, { metricsPort: 9999, pingPort: 9998 }))).toEqual([
      {
        namespace: 'shop',
        pod: 'web-0',
        node: 'node1',
        workload: 'pod/web-0',
        mesh: 'shop/rtt',
        container: 'net-prober',
        metricsPort: 9999,
      },
    ]);
  });

  it('are ephemeral ones that run, by their variables', () => {
    const container = (name: string, port: string): Container => ({
      name,
      env: [
        { name: 'NETMACHINERY_NEIGHBOURS', value: '10' },
        { name: 'NETMACHINERY_MESH', value: 'adhoc' },
        { name: 'HTTP_PROMETHEUS_PORT', value: port },
      ],
    });
    const plain = pod();
    const names = ['net-prober', 'net-prober-2', 'net-prober-x'];
    plain.spec.ephemeralContainers = names.map((name, place) => container(name, String(5000 + place)));
    plain.status = {
      ephemeralContainerStatuses: [
        { name: 'net-prober', state: { terminated: { exitCode: 0 } } },
        { name: 'net-prober-2', state: { running: {} } },
      ],
    };
    expect(probersOf(plain)).toMatchObject([{ container: 'net-prober-2', mesh: 'adhoc', metricsPort: 5001 }]);
  });

  it('may be asked before the status of an ephemeral one says that it runs, and not where it never will', () => {
    const plain = pod();
    plain.spec.ephemeralContainers = [
      { name: 'net-prober-1', env: [{ name: 'NETMACHINERY_NEIGHBOURS', value: '10' }] },
    ];
    expect(probersOf(plain)[0]).not.toHaveProperty('notRunning');
    const withReason = (reason: string) => {
      plain.status = { ephemeralContainerStatuses: [{ name: 'net-prober-1', state: { waiting: { reason } } }] };
      return probersOf(plain)[0]?.notRunning;
    };
    expect(withReason('ContainerCreating')).toBeUndefined();
    expect(withReason('ErrImagePull')).toContain('ErrImagePull');
  });

  it('are none of others, of pods that have ended, or that are going', () => {
    const seed = pod();
    seed.spec.containers.push({ name: 'net-prober', env: [{ name: 'HTTP_PORT', value: '9191' }] });
    expect(probersOf(seed)).toEqual([]);
    const going = injected(true);
    going.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(probersOf(going)).toEqual([]);
    const ended = injected(true);
    ended.status = { ...ended.status, phase: 'Succeeded' };
    expect(probersOf(ended)).toEqual([]);
  });

  it('say why they do not run', () => {
    const broken = injected(true);
    broken.status = {
      initContainerStatuses: [{ name: 'net-prober', state: { waiting: { reason: 'ImagePullBackOff' } } }],
    };
    expect(probersOf(broken)[0]?.notRunning).toBe('container net-prober does not run: ImagePullBackOff');
    broken.status = {};
    expect(probersOf(broken)[0]?.notRunning).toBe('container net-prober does not run');
  });
});

describe('the workload of a pod', () => {
  const owned = (kind: string, name: string, labels = {}) =>
    workloadOf(pod({ labels, ownerReferences: [{ apiVersion: 'x', kind, name, uid: '1', controller: true }] }));

  it('is known by its owner', () => {
    expect(owned('ReplicaSet', 'web-5d4f', { 'pod-template-hash': '5d4f' })).toBe('deploy/web');
    expect(owned('ReplicaSet', 'web-5d4f')).toBe('rs/web-5d4f');
    expect(owned('StatefulSet', 'db')).toBe('sts/db');
    expect(owned('Tortoise', 'slow')).toBe('tortoise/slow');
    expect(workloadOf(pod())).toBe('pod/web-0');
  });
});
