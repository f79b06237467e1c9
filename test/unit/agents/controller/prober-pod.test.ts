// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { proberPod } from '../../../../src/agents/controller/prober-pod.js';
import { sidecarOf } from '../../../../src/injection/sidecar.js';
import type { Container, Pod } from '../../../../src/kube/objects.js';

/** A ready pod that `inject` has changed. */
function injected(native: boolean, pingPort = 9191, mesh = 'm'): Pod {
  const { container, list } = sidecarOf({ agentImage: 'agent:1', mesh, configMap: 'm', native, pingPort });
  const containers: Container[] = [{ name: 'main' }];
  const sidecar = container as Container;
  return {
    metadata: { namespace: 'shop', name: 'web' },
    spec: {
      nodeName: 'node1',
      containers: list === 'containers' ? [...containers, sidecar] : containers,
      ...(list === 'initContainers' ? { initContainers: [sidecar] } : {}),
    },
    status: { phase: 'Running', podIP: '10.0.0.7', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

test.each([true, false])('what is injected is found, native sidecar: %s', (native) => {
  expect(proberPod(injected(native))).toEqual({
    namespace: 'shop',
    name: 'web',
    node: 'node1',
    mesh: 'm',
    endpoint: { ip: '10.0.0.7', port: 9191 },
  });
});

test.each<[string, Partial<Pod['metadata']>, Partial<NonNullable<Pod['status']>>]>([
  ['not ready', {}, { conditions: [{ type: 'Ready', status: 'False' }] }],
  ['being deleted', { deletionTimestamp: '2026-11-22T00:00:00Z' }, {}],
  ['without an address', {}, { podIP: '' }],
])('one that is %s is held, but not listed', (_why, metadata, status) => {
  const pod = injected(true);
  const changed = { ...pod, metadata: { ...pod.metadata, ...metadata }, status: { ...pod.status, ...status } };
  expect(proberPod(changed)).toMatchObject({ name: 'web', endpoint: undefined });
});

test('pods that have ended, have no prober or that of the seed are not held', () => {
  const pod = injected(false);
  expect(proberPod({ ...pod, status: { ...pod.status, phase: 'Succeeded' } })).toBeUndefined();
  expect(proberPod({ ...pod, spec: { containers: [{ name: 'main' }] } })).toBeUndefined();
  expect(
    proberPod({ ...pod, spec: { containers: [{ name: 'net-prober', env: [{ name: 'HTTP_PORT' }] }] } }),
  ).toBeUndefined();
});

test.each(['../secrets/x', 'x/..', 'm?dryRun=All', 'a/b/c', 'M', 'm'.repeat(300)])(
  'a pod that names the mesh %s, which none can have, is not held',
  (mesh) => {
    expect(proberPod(injected(true, 9191, mesh))).toBeUndefined();
    expect(proberPod(injected(true, 9191, 'shop/mesh-rtt'))).toMatchObject({ mesh: 'shop/mesh-rtt' });
  },
);
