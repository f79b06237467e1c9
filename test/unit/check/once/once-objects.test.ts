// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { onceObjects } from '../../../../src/check/once/once-objects.js';
import { isOnceNamespace, newCheckId, plannedAgents, type OncePlan } from '../../../../src/check/once/once-plan.js';
import { checkHostNamespace, checkNamespace } from '../../../../src/model/check.js';

const node = (name: string) => ({ name, isReady: true, isCordoned: false, condition: undefined });

function plan(more: Partial<OncePlan> = {}): OncePlan {
  return {
    id: '0a1b2c3d',
    caller: 'alice',
    nodes: [node('node1'), node('node2.example')],
    networks: ['pod', 'host'],
    image: 'registry.example/agent:1',
    selection: { nodeSelector: { pool: 'web' }, tolerations: [], includeUnschedulable: false },
    settings: { intervalMs: 15_000, neighbours: 10, payloadEntries: 1500, urls: [] },
    timeoutMs: 180_000,
    warnings: [],
    pullSecrets: [],
    validUntil: '2026-01-01T00:03:00.000Z',
    agentsUntil: '2026-01-02T00:03:00.000Z',
    ...more,
  };
}

interface PodSpec {
  spec: { tolerations: object[]; imagePullSecrets?: object[] };
}

describe('the objects of a one-shot check', () => {
  it('are namespaces, a Service and a pod a node and network, in the order of making', () => {
    const objects = onceObjects(plan());
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`)).toEqual([
      'Namespace /netmachinery-check-0a1b2c3d',
      'Namespace /netmachinery-check-0a1b2c3d-host',
      'Service netmachinery-check-0a1b2c3d/netmachinery-check-agent',
      'Pod netmachinery-check-0a1b2c3d/agent-node1',
      'Pod netmachinery-check-0a1b2c3d/agent-node2.example',
      'Pod netmachinery-check-0a1b2c3d-host/agent-node1',
      'Pod netmachinery-check-0a1b2c3d-host/agent-node2.example',
    ]);
    for (const { metadata } of objects) {
      expect(metadata.labels).toMatchObject({ 'netmachinery.io/check': '0a1b2c3d' });
      expect(metadata.annotations).toMatchObject({ 'netmachinery.io/caller': 'alice' });
    }
  });

  it('end by themselves, on their node, and are let in by the level of their namespace', () => {
    const objects = onceObjects(plan());
    const level = 'pod-security.kubernetes.io/enforce';
    expect(objects.slice(0, 2).map(({ metadata }) => metadata.labels?.[level])).toEqual(['restricted', 'privileged']);
    expect(objects.at(3)).toMatchObject({
      spec: {
        restartPolicy: 'Never',
        activeDeadlineSeconds: 300,
        tolerations: [{ operator: 'Exists' }],
        nodeSelector: { pool: 'web' },
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node1'] }] }],
            },
          },
        },
      },
    });
  });

  it('tolerate what a DaemonSet would where only some taints are to be', () => {
    const key = { key: 'dedicated', operator: 'Exists' };
    const selection = { nodeSelector: {}, tolerations: [key], includeUnschedulable: true };
    const { spec } = onceObjects(plan({ selection })).at(-1) as unknown as PodSpec;
    expect(spec.tolerations[0]).toEqual(key);
    expect(spec.tolerations).toContainEqual(expect.objectContaining({ key: 'node.kubernetes.io/unschedulable' }));
  });

  it('bring copies of Secrets into both namespaces, and none without', () => {
    const secret = { name: 'registry', type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'e30=' } };
    const objects = onceObjects(plan({ pullSecrets: [secret] }));
    const copies = objects.filter(({ kind }) => kind === 'Secret');
    expect(copies.map(({ metadata }) => metadata.namespace)).toEqual([
      'netmachinery-check-0a1b2c3d',
      'netmachinery-check-0a1b2c3d-host',
    ]);
    expect((objects.at(-1) as unknown as PodSpec).spec.imagePullSecrets).toEqual([{ name: 'registry' }]);
  });

  it('have names that are host names, each its own, however long those of nodes are', () => {
    const long = 'a'.repeat(70);
    const nodes = [node(`${long}.one`), node(`${long}.two`)];
    const names = plannedAgents(plan({ nodes, networks: ['pod'] })).map(({ pod }) => pod);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });

  it('are in namespaces that no installed check has', () => {
    expect(
      onceObjects(plan({ id: newCheckId() }))
        .filter(({ kind }) => kind === 'Namespace')
        .every(({ metadata }) => isOnceNamespace(metadata.name)),
    ).toBe(true);
    for (const name of [checkNamespace, checkHostNamespace, 'netmachinery-check-settings', 'shop']) {
      expect(isOnceNamespace(name)).toBe(false);
    }
  });
});
