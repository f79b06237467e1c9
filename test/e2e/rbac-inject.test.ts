// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, deleteClusterRoles, permissionsOf, rbacObjects, runAs } from './accounts.js';
import { workload } from './injected.js';
import { createNamespace, createReady, deleteNamespace, images, podManifest } from './kubectl.js';
import { startMesh } from './mesh-pods.js';

let namespace = '';
const mesh = 'rbac';

/** What `inject --static`, or `uninject` of what has a prober, cannot do without. */
const injectNeeds: Record<string, string[]> = {
  'get deployments': ['deploy/web'],
  'patch deployments': ['deploy/web'],
  'get statefulsets': ['sts/web'],
  'patch statefulsets': ['sts/web'],
  'get daemonsets': ['ds/web'],
  'patch daemonsets': ['ds/web'],
  'list deployments': ['deploy', '-l', 'app=web'],
  'list statefulsets': ['sts', '-l', 'app=web'],
  'list daemonsets': ['ds', '-l', 'app=web'],
  'list cronjobs': ['cronjob', '-l', 'app=web'],
  'get cronjobs': ['cronjob/web'],
  'list pods': ['deploy/web'],
  'get configmaps': ['deploy/web'],
  'create configmaps': ['deploy/web'],
  'patch configmaps': ['deploy/web'],
};
/** Of the controller, which is not installed with --static; a CronJob would have to be there to be patched. */
const notSeen = ['get rolebindings', 'create rolebindings', 'bind clusterroles', 'patch cronjobs'];
const recreateNeeds = ['get pods', 'create pods', 'delete pods'];

beforeAll(async () => {
  namespace = await createNamespace('rbac-inject');
  await createReady(
    namespace,
    ...(['Deployment', 'StatefulSet', 'DaemonSet'] as const).map((kind) => workload(kind, 'web')),
    podManifest('bare'),
  );
  await startMesh(
    mesh,
    ['one', 'two'].map((name) => ({ namespace, name })),
  );
});
afterAll(() => Promise.all([deleteNamespace(namespace), deleteClusterRoles(namespace)]));

const slug = (permission: string) => permission.replaceAll(/\W/g, '-');
const inject = (user: string, ...words: string[]) =>
  runAs(user, ['inject', ...words, '-n', namespace, '--static', '--dry-run=server', '--agent-image', images.agent]);

describe.concurrent('the Role of inject', () => {
  it('suffices for workloads with --static, and has no rule that no test takes away', async () => {
    const user = await account(namespace, 'inject', ['inject', '-n', namespace]);
    const { exitCode, stderr } = await inject(user, 'deploy/web', 'sts/web', 'ds/web');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const permissions = permissionsOf(await rbacObjects(['inject', '-n', namespace]));
    expect(permissions.sort()).toEqual([...Object.keys(injectNeeds), ...notSeen].sort());
  });

  it.each(Object.entries(injectNeeds))('needs: %s', async (permission, words) => {
    const lacks = { lacks: permission };
    const user = await account(namespace, `inject-no-${slug(permission)}`, ['inject', '-n', namespace], lacks);
    const { exitCode, stdout, stderr } = await inject(user, ...words);
    const [verb = '', resource = ''] = permission.split(' ');
    expect(stderr).toMatch(new RegExp(`${verb}.*${resource}.*${namespace}`));
    expect(stderr).toContain(`rbac inject -n ${namespace}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  });

  it('lets bare pods be made anew with --recreate', async () => {
    const words = ['inject', '-n', namespace, '--recreate'];
    const user = await account(namespace, 'recreate', words);
    expect(await inject(user, 'pod/bare', '--recreate')).toMatchObject({ exitCode: 0 });
    for (const permission of recreateNeeds) {
      const lacking = await account(namespace, `recreate-no-${slug(permission)}`, words, { lacks: permission });
      const { exitCode, stderr } = await inject(lacking, 'pod/bare', '--recreate');
      expect(stderr).toMatch(new RegExp(permission.replace(' ', '.*')));
      expect(stderr).toContain(`rbac inject -n ${namespace} --recreate`);
      expect(exitCode).toBe(3);
    }
  });
});

describe.concurrent('the Role of mesh', () => {
  const look = (user: string) => runAs(user, ['mesh', '-n', namespace, '-o', 'name']);

  it('suffices, and every rule of it is needed', async () => {
    const words = ['mesh', '-n', namespace, '--targets', 'pod'];
    const user = await account(namespace, 'mesh', words);
    const { stdout, exitCode } = await look(user);
    expect({ stdout, exitCode }).toEqual({ stdout: 'pod/one\npod/two\n', exitCode: 0 });
    for (const permission of ['list pods', 'get pods/proxy']) {
      const lacking = await account(namespace, `mesh-no-${slug(permission)}`, words, { lacks: permission });
      const denied = await look(lacking);
      expect(denied.stderr).toMatch(new RegExp(permission.replace(' ', '.*')));
      expect(denied.stderr).toContain(`rbac mesh -n ${namespace}`);
      expect(denied.exitCode).toBe(3);
    }
    const kinds = permissionsOf(await rbacObjects(words));
    expect(kinds.sort()).toEqual(['get pods', 'get pods/proxy', 'list pods']);
  });

  it('reads by exec where the proxy is not allowed', async () => {
    const user = await account(namespace, 'mesh-exec', ['mesh', '-n', namespace, '-c', 'any']);
    expect(await look(user)).toMatchObject({ stdout: 'pod/one\npod/two\n', exitCode: 0 });
  });
});
