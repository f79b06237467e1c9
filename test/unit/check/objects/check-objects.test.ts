// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkObjects, everyCheckObject } from '../../../../src/check/objects/check-objects.js';
import type { InstallOptions } from '../../../../src/check/objects/install-options.js';
import { pathOf, type InstalledObject } from '../../../../src/installation/installed-object.js';

const options: InstallOptions = {
  image: 'registry.example/agent:1',
  imagePullSecrets: ['pull'],
  selection: { nodeSelector: { pool: 'a' }, tolerations: [], includeUnschedulable: false },
  settings: { intervalMs: 15_000, neighbours: 10, payloadEntries: 1500, urls: [] },
  networks: ['pod', 'host'],
  legacyApi: false,
  nodePort: false,
  apiPorts: [443, 6443],
};
const all = async (changes: Partial<InstallOptions> = {}): Promise<InstalledObject[]> => {
  const { server, agents } = await checkObjects({ ...options, ...changes });
  return [...server, ...agents];
};

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}
interface PodSpec {
  hostNetwork?: boolean;
  automountServiceAccountToken: boolean;
  securityContext: object;
  imagePullSecrets: object[];
  containers: { securityContext: object; env: { name: string; value?: string }[] }[];
}
const templates = (objects: readonly InstalledObject[]) =>
  objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'DaemonSet')
    .map((object) => ({
      namespace: object.metadata.namespace,
      kind: object.kind,
      spec: (object['spec'] as { template: { spec: PodSpec } }).template.spec,
    }));
const words = (objects: readonly InstalledObject[]) =>
  objects
    .filter((object) => object['rules'] !== undefined)
    .flatMap((object) =>
      (object['rules'] as Rule[]).map(({ resources, verbs, resourceNames }) => {
        const where = object.metadata.namespace ?? 'cluster';
        return `${where}: ${resources.join()}${resourceNames ? ` ${resourceNames.join()}` : ''}: ${verbs.join()}`;
      }),
    );

describe('the objects of an installed check', () => {
  it('have paths of their own, and the label that they are removed by', async () => {
    const objects = await everyCheckObject();
    expect(new Set(objects.map(pathOf)).size).toBe(objects.length);
    for (const { metadata } of objects)
      expect(metadata.labels?.['netmachinery.io/check'], metadata.name).toBe('installed');
  });

  it('come after what they need: namespaces first, the server before the agents', async () => {
    const kinds = (await all()).map(({ kind }) => kind);
    expect(kinds.slice(0, 3)).toEqual(['Namespace', 'Namespace', 'CustomResourceDefinition']);
    expect(kinds.slice(-3)).toEqual(['Deployment', 'DaemonSet', 'DaemonSet']);
  });

  it('stand what PodSecurity restricted asks for, but for the network of nodes', async () => {
    const found = templates(await all());
    expect(found).toHaveLength(3);
    for (const { spec } of found) {
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const { securityContext } of spec.containers) {
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        });
      }
    }
    expect(found.filter(({ spec }) => spec.hostNetwork).map(({ namespace }) => namespace)).toEqual([
      'netmachinery-check-host',
    ]);
    const level = (name: string, objects: readonly InstalledObject[]) =>
      objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === name)?.metadata.labels?.[
        'pod-security.kubernetes.io/enforce'
      ];
    expect(level('netmachinery-check', await all())).toBe('restricted');
    expect(level('netmachinery-check-host', await all())).toBe('privileged');
    expect(level('netmachinery-check-host', await all({ networks: ['pod'] }))).toBeUndefined();
  });

  it('hold no secrets, and give agents a token for the server and none for the API server', async () => {
    const objects = await all({ legacyApi: true, nodePort: true });
    expect(objects.map(({ kind }) => kind)).not.toContain('Secret');
    const agents = templates(objects).filter(({ kind }) => kind === 'DaemonSet');
    for (const { spec } of agents) expect(spec.automountServiceAccountToken).toBe(false);
    for (const { spec } of templates(objects)) expect(spec.imagePullSecrets).toEqual([{ name: 'pull' }]);
  });

  it('let the server do what it does, and agents nothing', async () => {
    const objects = await all();
    const subjects = objects.flatMap((object) => (object['subjects'] ?? []) as { name: string }[]);
    expect(new Set(subjects.map(({ name }) => name))).toEqual(new Set(['netmachinery-check-server']));
    expect(words(objects)).toEqual([
      'cluster: nodes: list,watch',
      'cluster: tokenreviews: create',
      'cluster: subjectaccessreviews: create',
      'netmachinery-check: pods: list,watch',
      'netmachinery-check: services: list,watch',
      'netmachinery-check: endpointslices: list,watch',
      'netmachinery-check: checkagents: get,list,create,patch,delete',
      'netmachinery-check: leases: create',
      'netmachinery-check: leases netmachinery-check-server: get,patch',
      'netmachinery-check: secrets: create',
      'netmachinery-check: secrets netmachinery-check-server: get,patch',
      'netmachinery-check: leases netmachinery-check-server: list,watch',
      'netmachinery-check: secrets netmachinery-check-server: list,watch',
      'netmachinery-check: configmaps netmachinery-check-settings: list,watch',
      'netmachinery-check: configmaps: create',
      'netmachinery-check: configmaps netmachinery-check-authority: get,patch',
      'netmachinery-check-host: pods: list,watch',
      'netmachinery-check-host: configmaps: create',
      'netmachinery-check-host: configmaps netmachinery-check-authority: get,patch',
      'default: services: list,watch',
      'default: endpointslices: list,watch',
      'kube-system: services: list,watch',
      'kube-system: endpointslices: list,watch',
    ]);
  });

  it('are in one namespace alone where agents in the nodes’ network are left out', async () => {
    const host = (objects: readonly InstalledObject[]) =>
      objects.filter((object) => JSON.stringify(object).includes('netmachinery-check-host')).map(({ kind }) => kind);
    expect(host(await all({ networks: ['pod'], legacyApi: true }))).toEqual([]);
    expect(host(await all())).toContain('Deployment');
  });

  it('have more of it for the legacy API alone, and a port of nodes only where that was asked for', async () => {
    const before = new Set(words(await all()));
    const objects = await all({ legacyApi: true });
    expect(words(objects).filter((each) => !before.has(each))).toEqual([
      'cluster: pods: list,watch',
      'default: agents: get,list,create,patch,delete',
    ]);
    const definition = objects.find(({ metadata }) => metadata.name === 'agents.network-checker.ext');
    // An object that netchecker wrote stays valid: it has fields that nobody knows.
    expect(definition).toMatchObject({
      kind: 'CustomResourceDefinition',
      metadata: { labels: { 'netmachinery.io/check': 'installed' } },
      spec: {
        preserveUnknownFields: false,
        versions: [
          { name: 'v1', schema: { openAPIV3Schema: { 'x-kubernetes-preserve-unknown-fields': true, type: 'object' } } },
        ],
      },
    });
    const service = (from: readonly InstalledObject[]) =>
      from.find(({ metadata }) => metadata.name === 'netchecker-service')?.['spec'];
    expect(service(await all())).toBeUndefined();
    expect(service(objects)).toMatchObject({ type: 'ClusterIP', ports: [{ port: 8081 }] });
    expect(service(await all({ legacyApi: true, nodePort: true }))).toMatchObject({ ports: [{ nodePort: 31_081 }] });
    const legacy = (from: readonly InstalledObject[]) =>
      JSON.stringify(templates(from)).includes('NETMACHINERY_CHECK_SERVER_LEGACY');
    expect([legacy(await all()), legacy(objects)]).toEqual([false, true]);
  });
});
