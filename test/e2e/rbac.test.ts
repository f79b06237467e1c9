// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissionVerbs } from '../../src/permissions/needs.js';
import { account, deleteClusterRoles, permissionsOf, rbacObjects, runAs } from './accounts.js';
import { netmachinery } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from './kubectl.js';
import { serverPod, service } from './manifests.js';

let namespace = '';
const quick = ['--count', '1'];
/** For each of two accounts; the watch is not reached where the first look at a pod says already that its image is absent. */
const unpullable = [
  ['a-1', 'a-2', 'a-3', 'a-4'],
  ['b-1', 'b-2', 'b-3', 'b-4'],
] as const;
const absent = 'docker.io/netmachinery-test/absent:7';

function workload(apiVersion: string, kind: string, spec: object = {}): object {
  const name = kind.toLowerCase();
  const labels = { app: name };
  const containers = [{ name: 'main', image: images.web }];
  const restartPolicy = kind === 'Job' || kind === 'CronJob' ? 'Never' : 'Always';
  const pod = { nodeSelector: { 'kubernetes.io/hostname': 'node1' }, terminationGracePeriodSeconds: 1, containers };
  const template = { metadata: { labels }, spec: { ...pod, restartPolicy } };
  const selector = restartPolicy === 'Always' ? { selector: { matchLabels: labels } } : {};
  if (kind !== 'CronJob') return { apiVersion, kind, metadata: { name }, spec: { ...spec, ...selector, template } };
  return { apiVersion, kind, metadata: { name }, spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template } } } };
}

/** What an account can do that lacks one permission of `rbac ping`, and what it cannot. */
const pingNeeds: Record<string, string[]> = {
  'get pods': ['source', 'server'],
  'list pods': ['source', 'deploy/deployment'],
  'get deployments': ['source', 'deploy/deployment'],
  'get statefulsets': ['source', 'sts/statefulset'],
  'get daemonsets': ['source', 'ds/daemonset'],
  'get replicasets': ['source', 'rs/replicaset'],
  'get jobs': ['source', 'job/job'],
  'list jobs': ['source', 'cronjob/cronjob'],
  'get cronjobs': ['source', 'cronjob/cronjob'],
  'get services': ['source', 'svc/server'],
  'list endpointslices': ['source', 'svc/server'],
  'patch pods/ephemeralcontainers': ['fresh', 'server'],
  'get pods/exec': ['fresh', 'server'],
};

const cleanNeeds: Record<string, string[]> = {
  'get pods': ['source'],
  'list pods': [],
  'get pods/exec': ['source', '--force'],
  'delete pods': ['leftover', '--force'],
};

/** API servers before 1.35 do not ask for it (KEP-4006), so its lack cannot be seen on this one. */
const unprovable = 'create pods/exec';

beforeAll(async () => {
  namespace = await createNamespace('rbac');
  const leftover = { labels: { 'netmachinery.io/probe-pod': 'source' } };
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'everything' },
    spec: { podSelector: {}, ingress: [{}] },
  };
  await createReady(
    namespace,
    serverPod('server', { labels: { app: 'server' } }),
    service('server', { selector: { app: 'server' }, ports: [{ port: 8080 }] }),
    ...['source', 'fresh', ...unpullable.flat()].map((name) => podManifest(name)),
    podManifest('leftover', leftover),
    workload('apps/v1', 'Deployment'),
    workload('apps/v1', 'StatefulSet', { serviceName: 'none' }),
    workload('apps/v1', 'DaemonSet'),
    workload('apps/v1', 'ReplicaSet'),
    workload('batch/v1', 'Job'),
    workload('batch/v1', 'CronJob'),
    policy,
  );
  await kubectl(['create', 'job', '-n', namespace, 'started', '--from=cronjob/cronjob']);
  await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod', '--all', '--timeout=90s']);
});
afterAll(() => Promise.all([deleteNamespace(namespace), deleteClusterRoles(namespace)]));

const ping = (user: string, ...words: string[]) => runAs(user, ['ping', '-n', namespace, ...words, ...quick]);
/** A name for an account out of `get pods/exec`. */
const slug = (verb: string, permission: string) => `${verb}-no-${permission.replaceAll(/\W/g, '-')}`;

describe.concurrent('the Role of ping', () => {
  it('suffices for every kind of source and destination that has a namespace', async () => {
    const user = await account(namespace, 'ping', ['ping', '-n', namespace]);
    const destinations = ['server', 'svc/server', 'deploy/deployment', 'sts/statefulset', 'ds/daemonset'];
    const others = ['rs/replicaset', 'job/job', 'cronjob/cronjob', '--to-selector', 'app=server'];
    const { exitCode, stdout, stderr } = await ping(user, 'source', ...destinations, ...others);
    expect(`${stdout}${stderr}`).toMatch(/\d+ tests: \d+ pass in/);
    expect(exitCode).toBe(0);
    const connected = await runAs(user, ['connect', '-n', namespace, 'source', 'svc/server']);
    expect(connected).toMatchObject({ exitCode: 0 });
  });

  it('is applied as it is printed', async () => {
    const { stdout } = await netmachinery(['rbac', 'ping', '-n', namespace, '--name', 'printed', '--user', 'jane']);
    const applied = await kubectl(['apply', '-f', '-'], stdout);
    expect(applied).toMatch(/role\S+\/printed created\nrolebinding\S+\/printed created/);
  });

  it('has no rule that no test here takes away', async () => {
    const permissions = permissionsOf(await rbacObjects(['ping', '-n', namespace]));
    expect(permissions.sort()).toEqual([...Object.keys(pingNeeds), unprovable].sort());
    expect(permissionsOf(await rbacObjects(['connect', '-n', namespace])).sort()).toEqual(permissions);
    const clean = permissionsOf(await rbacObjects(['clean', '-n', namespace]));
    expect(clean.sort()).toEqual([...Object.keys(cleanNeeds), unprovable].sort());
  });

  it.each(Object.entries(pingNeeds))('needs: %s', async (permission, words) => {
    const options = { lacks: permission };
    const user = await account(namespace, slug('ping', permission), ['ping', '-n', namespace], options);
    const { exitCode, stderr } = await ping(user, ...words);
    const [verb = '', resource = ''] = permission.split(' ');
    expect(stderr).toMatch(new RegExp(`${verb}.*${resource}.*${namespace}`));
    expect(stderr).toContain(`kubectl netmachinery rbac ping -n ${namespace}`);
    expect(exitCode).toBe(3);
    // What is printed for the one who was denied allows it.
    const remedy = stderr.slice(stderr.indexOf('apiVersion:'));
    await kubectl(['apply', '-f', '-'], remedy.replaceAll('netmachinery-ping-missing', slug('remedy', permission)));
    const again = await ping(user, ...words.map((word) => word.replace('fresh', 'source')));
    expect(again.exitCode).toBe(0);
  });

  it('has a rule for a later Kubernetes, without which this one does everything', async () => {
    const user = await account(namespace, 'no-create', ['ping', '-n', namespace], { lacks: unprovable });
    expect((await ping(user, 'source', 'server')).exitCode).toBe(0);
  });

  it('is named in one line where single results are forbidden', async () => {
    // The source has a tool container, so that nothing is asked beforehand.
    await netmachinery(['ping', '-n', namespace, 'source', 'server', ...quick]);
    const lacks = { lacks: 'get pods/exec' };
    const user = await account(namespace, 'no-exec', ['ping', '-n', namespace], lacks);
    const { exitCode, stdout } = await ping(user, 'source', 'server');
    expect(stdout).toMatch(/Forbidden/);
    expect(stdout).toContain(`kubectl netmachinery rbac ping -n ${namespace} prints the Role`);
    expect(stdout).not.toContain('apiVersion');
    expect(exitCode).toBe(3);
  });

  it('is another one with --no-exec, -c and --probe-pod', async () => {
    const ways: [flags: string[], lacks: string | undefined, exitCode: number][] = [
      [['--no-exec'], undefined, 0],
      [['--no-exec'], 'get pods/log', 3],
      [['--no-exec'], 'patch pods/ephemeralcontainers', 3],
      [['-c', 'main'], undefined, 0],
      [['-c', 'main'], 'get pods/exec', 3],
      [['--probe-pod'], undefined, 0],
      [['--probe-pod'], 'create pods', 3],
      [['--probe-pod'], 'get pods/exec', 3],
      [['--probe-pod'], 'delete pods', 3],
      [['--probe-pod'], 'list services', 3],
    ];
    await Promise.all(
      ways.map(async ([flags, lacks, exitCode], index) => {
        const words = ['ping', '-n', namespace, '--targets', 'pod', ...flags];
        const user = await account(namespace, `way-${index}`, words, lacks === undefined ? {} : { lacks });
        const run = await ping(user, 'source', 'server', ...flags);
        expect({ flags, lacks, exitCode: run.exitCode, run }).toMatchObject({ flags, lacks, exitCode });
      }),
    );
  });

  it('is a ClusterRole as well where nodes are destinations', async () => {
    const words = ['ping', '-n', namespace, '--targets', 'pod,node'];
    const user = await account(namespace, 'nodes', words);
    expect((await ping(user, 'source', 'node/node1')).exitCode).toBe(0);
    const lacking = await account(namespace, 'no-nodes', words, { lacks: 'get nodes' });
    const { exitCode, stderr } = await ping(lacking, 'source', 'node/node1');
    expect(stderr).toMatch(/nodes.*at the cluster scope/);
    expect(stderr).toContain('rbac ping --targets=node');
    expect(stderr).toContain('kind: ClusterRole');
    expect(exitCode).toBe(3);
  });
});

describe.concurrent('what --hints adds', () => {
  /** What the server answered to requests that only messages are made of. */
  const asked = async (user: string, pods: readonly string[]) => {
    const ping = (...words: string[]) => runAs(user, ['ping', '-n', namespace, ...words, 'server', '-v', '6']);
    const runs = await Promise.all([
      runAs(user, ['connect', '-n', namespace, 'source', 'server:1', '-v', '6']),
      ping('-l', 'app=nothing'),
      ...pods.map((pod) => ping(pod, '--image', absent)),
    ]);
    const lines = runs.flatMap(({ stderr }) => stderr.split('\n'));
    const status = (pattern: RegExp) => {
      const found = lines.find((line) => line.startsWith('GET') && pattern.test(line));
      return / (\d{3}) in /.exec(found ?? '')?.[1];
    };
    const statuses = {
      networkpolicies: status(/networkpolicies/),
      nodes: status(/\/nodes\/node1/),
      watch: status(/watch=(true|1)/),
      events: status(/events/),
      namespaces: status(/namespaces\/rbac-[0-9a-f]+ /),
    };
    return { statuses, exitCodes: runs.map(({ exitCode }) => exitCode), hints: runs[0].stdout };
  };

  it('is asked for by runs that go on without, with the same exit codes', async () => {
    const [with_, without] = await Promise.all([
      account(namespace, 'hints', ['ping', '-n', namespace, '--hints']),
      account(namespace, 'no-hints', ['ping', '-n', namespace]),
    ]);
    const [full, bare] = await Promise.all([asked(with_, unpullable[0]), asked(without, unpullable[1])]);
    const all = (status: string) => Object.fromEntries(Object.keys(full.statuses).map((key) => [key, status]));
    expect(full.statuses).toEqual(all('200'));
    expect(bare.statuses).toEqual(all('403'));
    expect(full.exitCodes).toEqual([1, 2, 3, 3, 3, 3]);
    expect(bare.exitCodes).toEqual(full.exitCodes);
    expect(full.hints).toContain('NetworkPolicies (an explanation');
    expect(bare.hints).not.toContain('NetworkPolicies (an explanation');
  });
});

describe('the Role of clean', () => {
  it.each(Object.entries(cleanNeeds))('needs: %s', async (permission, words) => {
    await netmachinery(['ping', '-n', namespace, 'source', 'server', ...quick]);
    const options = { lacks: permission };
    const user = await account(namespace, slug('clean', permission), ['clean', '-n', namespace], options);
    const { exitCode, stdout, stderr } = await runAs(user, ['clean', '-n', namespace, ...words]);
    const [verb = '', resource = ''] = permission.split(' ');
    expect(stdout + stderr).toContain(`cannot ${verb} resource "${resource}"`);
    expect(stderr).toContain(`kubectl netmachinery rbac clean -n ${namespace}`);
    expect(exitCode).toBe(3);
  });

  it('suffices', async () => {
    const user = await account(namespace, 'clean', ['clean', '-n', namespace]);
    const { exitCode, stdout } = await runAs(user, ['clean', '-n', namespace, 'source', 'leftover', '--force']);
    expect(stdout).toMatch(/source +netmachinery-1 .* ended/);
    expect(stdout).toMatch(/leftover .* removed/);
    expect(exitCode).toBe(0);
  });
});

describe('rbac', () => {
  it.each([
    [['frob'], /Expected frob to be one of|frob/],
    [['ping', '-A', '-n', 'shop'], /all-namespaces|namespace/],
    [['ping', '-n', 'No_Namespace'], /namespace/],
    [['ping', '--targets', 'pods,frobs'], /"frobs"/],
    [['ping', '--serviceaccount', 'alone'], /NAMESPACE:NAME/],
    [[], /COMMAND/],
  ])('refuses %j', async (words, message) => {
    const { exitCode, stdout, stderr } = await netmachinery(['rbac', ...words]);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('asks no cluster, and says so where nothing is needed', async () => {
    const env = { KUBECONFIG: '/nowhere/at/all' };
    for (const verb of permissionVerbs) {
      const { exitCode, stderr } = await netmachinery(['rbac', verb, '-A'], { env });
      expect(exitCode).toBe(0);
      expect(stderr).toBe(
        verb === 'version'
          ? 'version needs no Role: everybody who is known to the API server may do what it does.\n'
          : '',
      );
    }
  });
});
