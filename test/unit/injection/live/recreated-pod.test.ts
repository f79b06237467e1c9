// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { askedPod, refuseOwned } from '../../../../src/injection/live/recreated-pod.js';
import { liveWorkload } from '../../../../src/injection/live/workload.js';

const token = {
  name: 'kube-api-access-x7k2p',
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
};
const live = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'one',
    namespace: 'shop',
    uid: 'u',
    resourceVersion: '7',
    labels: { app: 'one' },
    managedFields: [],
  },
  spec: {
    nodeName: 'node1',
    priority: 0,
    priorityClassName: 'usual',
    ephemeralContainers: [{ name: 'debug' }],
    containers: [
      { name: 'a', volumeMounts: [token] },
      { name: 'b', volumeMounts: [{ name: 'data', mountPath: '/data' }, token] },
      { name: 'c' },
    ],
    volumes: [
      { name: 'data', emptyDir: {} },
      { name: token.name, projected: {} },
    ],
  },
  status: { phase: 'Running' },
};

describe('askedPod', () => {
  it('has nothing of what the cluster has added', () => {
    expect(askedPod(live, 'pod/one')).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'one', namespace: 'shop', labels: { app: 'one' } },
      spec: {
        priorityClassName: 'usual',
        containers: [{ name: 'a' }, { name: 'b', volumeMounts: [{ name: 'data', mountPath: '/data' }] }, { name: 'c' }],
        volumes: [{ name: 'data', emptyDir: {} }],
      },
    });
  });
});

describe('refuseOwned', () => {
  it('takes a pod that somebody made', () => {
    expect(() => refuseOwned(liveWorkload('pod', 'shop', live))).not.toThrow();
  });

  it('refuses one of a workload, and a static one', () => {
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'x', controller: true }];
    const owned = { ...live, metadata: { ...live.metadata, ownerReferences } };
    expect(() => refuseOwned(liveWorkload('pod', 'shop', owned))).toThrow('belongs to replicaset/web-1');
    const mirror = { ...live, metadata: { ...live.metadata, annotations: { 'kubernetes.io/config.mirror': 'x' } } };
    expect(() => refuseOwned(liveWorkload('pod', 'shop', mirror))).toThrow('static pod');
  });
});
