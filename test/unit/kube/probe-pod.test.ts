// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/kube/objects.js';
import { assertCopyable, probePodManifest, probePodName } from '../../../src/kube/probe-pod.js';
import { isProbePod } from '../../../src/kube/probe-pod-metadata.js';

const source: Pod = {
  metadata: { name: 'web-0', namespace: 'shop', uid: 'u-1', labels: { app: 'web' }, annotations: { private: 'yes' } },
  spec: {
    nodeName: 'node1',
    serviceAccountName: 'web',
    hostNetwork: true,
    dnsPolicy: 'ClusterFirstWithHostNet',
    dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
    tolerations: [{ operator: 'Exists' }],
    imagePullSecrets: [{ name: 'pull' }],
    containers: [{ name: 'main', image: 'web', env: [{ name: 'PASSWORD', value: 'secret' }] }],
  },
};
const request = { image: 'toolbox', idleSeconds: 60, lifeSeconds: 120, caller: 'ann', reason: 'INC-1' };

describe('a probe pod', () => {
  it('is like its source where policies, the network and the node are concerned', () => {
    const { metadata, spec } = probePodManifest(source, 'netmachinery-probe-1', request);
    expect(metadata.labels).toEqual({ app: 'web', 'netmachinery.io/probe-pod': 'true' });
    expect(spec).toMatchObject({
      nodeName: 'node1',
      serviceAccountName: 'web',
      hostNetwork: true,
      dnsPolicy: 'ClusterFirstWithHostNet',
      dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
      tolerations: [{ operator: 'Exists' }],
      imagePullSecrets: [{ name: 'pull' }],
    });
  });

  it('has nothing of what its source runs or knows', () => {
    const manifest = probePodManifest(source, 'netmachinery-probe-1', request);
    expect(JSON.stringify(manifest)).not.toMatch(/secret|private/);
    expect(manifest.spec).toMatchObject({ automountServiceAccountToken: false, restartPolicy: 'Never' });
    expect(manifest.spec.containers).toHaveLength(1);
  });

  it('ends by itself, is never ready, and goes with its source', () => {
    const { metadata, spec } = probePodManifest(source, 'netmachinery-probe-1', request);
    expect(spec.activeDeadlineSeconds).toBe(120);
    expect(spec.readinessGates).toHaveLength(1);
    expect(metadata.ownerReferences).toEqual([
      { apiVersion: 'v1', kind: 'Pod', name: 'web-0', uid: 'u-1', controller: true },
    ]);
  });

  it('says what it is, whose place it takes, who asked and why', () => {
    const manifest = probePodManifest(source, 'netmachinery-probe-1', request);
    expect(isProbePod(manifest)).toBe(true);
    expect(isProbePod(source)).toBe(false);
    expect(manifest.metadata.annotations).toEqual({
      'netmachinery.io/source-pod': 'shop/web-0',
      'netmachinery.io/caller': 'ann',
      'netmachinery.io/reason': 'INC-1',
    });
  });

  it('has only the fields that its source has', () => {
    const bare: Pod = { metadata: { name: 'a' }, spec: { nodeName: 'node1', containers: [{ name: 'main' }] } };
    const { spec } = probePodManifest(bare, 'netmachinery-probe-1', request);
    expect(Object.keys(spec)).toEqual(Object.keys(JSON.parse(JSON.stringify(spec)) as object));
    expect(Object.keys(spec)).not.toContain('hostNetwork');
  });

  it('has a name of its own', () => {
    const names = new Set(Array.from({ length: 100 }, probePodName));
    expect(names.size).toBe(100);
    for (const name of names) expect(name).toMatch(/^netmachinery-probe-[0-9a-f]{10}$/);
  });

  it.each([
    ['WindowsPod', { ...source, spec: { ...source.spec, os: { name: 'windows' } } }],
    ['PodNotRunning', { ...source, metadata: { ...source.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }],
    ['PodNotRunning', { ...source, spec: { containers: [] } }],
  ])('cannot be like what is %s', (reason, pod) => {
    expect(() => assertCopyable(pod)).toThrow(expect.objectContaining({ code: 'unsupported', reason }) as Error);
  });
});
