// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { controllerObjects, webhookObjects } from '../../../../src/injection/agents/agent-objects.js';
import { pathOf } from '../../../../src/installation/installed-object.js';
import { isNewer } from '../../../../src/injection/agents/is-newer.js';
import { networkProberDefinition } from '../../../../src/injection/agents/network-prober-definition.js';

const options = { agentImage: 'registry.example/agent:1', certificates: 'own' as const, apiPorts: [443, 6443] };
const objects = [...controllerObjects(options), ...webhookObjects(options)];

interface Rule {
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}
const rulesOf = (kind: string) =>
  objects.filter((object) => object.kind === kind).flatMap((object) => object['rules'] as Rule[]);

describe('the objects of the agents', () => {
  it('have paths of their own, and labels to find them by', () => {
    const paths = objects.map(pathOf);
    expect(new Set(paths).size).toBe(paths.length);
    for (const { metadata } of objects) expect(metadata.labels?.['app.kubernetes.io/managed-by']).toBe('netmachinery');
  });

  it('may read no Secret of the cluster, and of their namespace only by name', () => {
    expect(rulesOf('ClusterRole').filter(({ resources }) => resources.includes('secrets'))).toEqual([]);
    const secrets = rulesOf('Role').filter(({ resources }) => resources.includes('secrets'));
    const open = secrets.filter(({ resourceNames }) => resourceNames === undefined);
    // RBAC cannot allow to create by name.
    expect(open.map(({ verbs }) => verbs)).toEqual([['create']]);
  });

  it('may do what they call: lists and watches, server-side apply, and nothing with a wildcard', () => {
    const named = (name: string) => objects.filter(({ metadata }) => metadata.name.startsWith(name));
    const rules = named('netmachinery-prober').flatMap((object) => (object['rules'] ?? []) as Rule[]);
    const allowed = rules.map(({ resources, verbs }) => `${resources.join()}: ${verbs.join()}`);
    expect([...new Set(allowed)].sort()).toEqual([
      'configmaps: get,list,create,patch,delete',
      'leases: create',
      'leases: get,patch',
      'mutatingwebhookconfigurations: get,patch',
      'namespaces: list,watch',
      'networkprobers/status: patch',
      'networkprobers: list,watch',
      'pods: list,watch',
      'secrets: create',
      'secrets: get,patch',
      'secrets: list,watch',
    ]);
  });

  it('write ConfigMaps nowhere but where a RoleBinding says so', () => {
    const bound = objects.filter(({ kind }) => kind === 'ClusterRoleBinding').map(({ metadata }) => metadata.name);
    const writers = objects.filter(
      (object) => object.kind === 'ClusterRole' && JSON.stringify(object['rules']).includes('configmaps'),
    );
    expect(writers.map(({ metadata }) => metadata.name)).toEqual(['netmachinery-prober-peer-lists']);
    expect(bound).not.toContain('netmachinery-prober-peer-lists');
  });

  it('hold up no pod: the webhook is ignored when it fails, and asked for three seconds', () => {
    const configuration = objects.find(({ kind }) => kind === 'MutatingWebhookConfiguration');
    const [webhook] = configuration?.['webhooks'] as Record<string, unknown>[];
    expect(webhook).toMatchObject({ failurePolicy: 'Ignore', timeoutSeconds: 3, sideEffects: 'None' });
    expect(objects.at(-1)).toBe(configuration);
  });

  it('have the definition of NetworkProber beside them', async () => {
    const definition = await networkProberDefinition();
    expect(pathOf(definition)).toBe(
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/networkprobers.probes.bigmikes.io',
    );
  });
});

describe('releases', () => {
  it.each([
    ['0.2.0', '0.1.9', true],
    ['1.0.0', '1.0.0', false],
    ['0.1.0', '0.1.1', false],
    ['0.10.0', '0.9.0', true],
    ['', '0.1.0', false],
  ])('%s is later than %s: %s', (one, other, later) => {
    expect(isNewer(one, other)).toBe(later);
  });
});
