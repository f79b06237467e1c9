// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessWords } from '../../../src/kube/access.js';
import { requireAccess, reviewAccess } from '../../../src/kube/access-review.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import type { Pod } from '../../../src/kube/objects.js';
import {
  dryRunToolContainer,
  rehearseToolContainers,
  toolContainerAccess,
} from '../../../src/kube/tool-container-rehearsal.js';
import { podPath } from '../../../src/kube/tool-container-patch.js';
import { prepareToolContainer } from '../../../src/kube/tool-container.js';
import { refused } from '../targets/refusal.js';
import { runningPod, temporaryNamespace } from './namespace.js';

const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces';
let admin: Cluster;
let reader: Cluster;
let namespace: string;
let pod: Pod;
const request = () => ({ image: process.env['NETMACHINERY_IMAGE'] ?? '' });

beforeAll(async () => {
  admin = await connectCluster({});
  namespace = await temporaryNamespace(admin, 'restricted');
  pod = await runningPod(admin, namespace);
  reader = await connectCluster({ as: 'reader' });
  await admin.create(`${rbac}/${namespace}/roles`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'reader' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  });
  await admin.create(`${rbac}/${namespace}/rolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'reader' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'reader' }],
  });
});

afterAll(async () => {
  await admin.delete(`/api/v1/namespaces/${namespace}`);
  admin.close();
  reader.close();
});

const ephemeralContainers = async () => (await admin.get<Pod>(podPath(pod))).spec.ephemeralContainers ?? [];

test('reviews tell what is allowed', async () => {
  const get = { verb: 'get', resource: 'pods', namespace };
  const answers = await reviewAccess(reader, [get, ...toolContainerAccess(namespace)]);
  expect(answers.map(({ allowed }) => allowed)).toEqual([true, false, false]);
  await requireAccess(reader, [get]);
  const failure = await refused(requireAccess(reader, toolContainerAccess(namespace)), 'forbidden');
  expect(failure.message).toBe(
    `user "reader" is not allowed to patch pods/ephemeralcontainers in namespace ${namespace}, nor to get pods/exec in namespace ${namespace}`,
  );
});

test('access in words', () => {
  const policies = { verb: 'list', group: 'networking.k8s.io', resource: 'networkpolicies' };
  expect(accessWords(policies)).toBe('list networkpolicies.networking.k8s.io at the cluster scope');
});

describe('without a permission', () => {
  test('nothing is changed', async () => {
    await refused(rehearseToolContainers(reader, [pod], request()), 'forbidden');
    const failure = await refused(prepareToolContainer(reader, pod, request()), 'forbidden');
    expect(failure.message).toContain('cannot patch resource "pods/ephemeralcontainers"');
    expect(failure.hint).toContain(`patch of pods/ephemeralcontainers in namespace ${namespace}`);
    expect(await ephemeralContainers()).toEqual([]);
  });
});

describe('a rehearsal', () => {
  test('changes nothing and finds what would be refused', async () => {
    await dryRunToolContainer(admin, pod, request());
    const raw = await refused(
      dryRunToolContainer(admin, pod, { ...request(), capabilities: ['NET_RAW'] }),
      'unsupported',
    );
    expect(raw.reason).toBe('PodSecurityDenied');
    const refusals = await rehearseToolContainers(admin, [pod], { ...request(), capabilities: ['NET_ADMIN'] });
    expect(refusals.get(pod)?.reason).toBe('PodSecurityDenied');
    expect(await rehearseToolContainers(admin, [pod], request())).toEqual(new Map());
    expect(await ephemeralContainers()).toEqual([]);
  });

  test('asks nothing where the pod has what is needed', async () => {
    await prepareToolContainer(admin, pod, request());
    const seen: string[] = [];
    const watched = await connectCluster({ log: (level, line) => level === 6 && seen.push(line) });
    await rehearseToolContainers(watched, [await admin.get<Pod>(podPath(pod))], request());
    expect(seen).toEqual([]);
    watched.close();
  });
});
