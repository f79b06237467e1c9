// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { startController, type RunningController } from '../../../src/agents/controller/controller.js';
import { listText, type ConfigMap } from '../../../src/agents/controller/peer-list-object.js';
import type { NetworkProber } from '../../../src/agents/controller/network-probers.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { agentNamespace, controllerName } from '../../../src/model/prober.js';
import { images, kubectl, podManifest } from '../../e2e/kubectl.js';

const rbac = 'rbac.authorization.k8s.io';
const proberGate = 'netmachinery.test/ready';
/** Short, so that a test does not wait for a quarter of a minute. */
const quickTimes = { leaseMs: 6000, renewMs: 4000, retryMs: 500 };

/** Installs the definition of NetworkProbers, or finds it there. */
export async function installDefinition(): Promise<void> {
  const file = 'plugins-manifest/crds/networkprobers.yaml';
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', file]);
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', '-f', file]);
}

/** A service account `controller` that may do in a namespace what the controller may; returns its user name. */
export async function controllerAccount(home: string): Promise<string> {
  const follow = ['get', 'list', 'watch'];
  const role = (kind: string, name: string, rules: object[]) => ({
    apiVersion: `${rbac}/v1`,
    kind,
    metadata: kind === 'Role' ? { name, namespace: home } : { name },
    rules,
  });
  const subjects = [{ kind: 'ServiceAccount', name: 'controller', namespace: home }];
  const bound = (kind: string, roleKind: string, name: string) => ({
    apiVersion: `${rbac}/v1`,
    kind,
    metadata: kind === 'RoleBinding' ? { name, namespace: home } : { name },
    roleRef: { apiGroup: rbac, kind: roleKind, name },
    subjects,
  });
  const items = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'controller', namespace: home } },
    role('ClusterRole', `${home}-reads`, [
      { apiGroups: [''], resources: ['pods', 'namespaces'], verbs: follow },
      { apiGroups: ['probes.bigmikes.io'], resources: ['networkprobers'], verbs: follow },
    ]),
    bound('ClusterRoleBinding', 'ClusterRole', `${home}-reads`),
    role('ClusterRole', `${home}-writes`, [
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'create', 'patch', 'delete'] },
      { apiGroups: ['probes.bigmikes.io'], resources: ['networkprobers/status'], verbs: ['patch'] },
    ]),
    role('Role', 'lease', [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'patch'] },
    ]),
    bound('RoleBinding', 'Role', 'lease'),
  ];
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return `system:serviceaccount:${home}:controller`;
}

/** Lets the account keep peer lists in a namespace; the installed controller, if there is one, may do the same, so that both agree. */
export async function allowPeerLists(home: string, namespace: string): Promise<void> {
  const binding = {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'peer-lists', namespace },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: `${home}-writes` },
    subjects: [
      { kind: 'ServiceAccount', name: 'controller', namespace: home },
      { kind: 'ServiceAccount', name: controllerName, namespace: agentNamespace },
    ],
  };
  await kubectl(['apply', '-f', '-'], JSON.stringify(binding));
}

export interface TestController extends RunningController {
  cluster: Cluster;
  lines: string[];
}

/** A controller in this process, as its account, with its Lease in `home`. */
export async function controllerIn(home: string, user: string, name: string): Promise<TestController> {
  const cluster = await connectCluster({ as: user });
  const lines: string[] = [];
  const usual = 'docker.io/netmachinery-test/agent:1';
  const images = { usual, allowed: new Set([usual]) };
  const environment = { certificates: 'cert-manager' as const, images, namespace: home, identity: `${name}_${home}` };
  const log = (line: string): void => void lines.push(line);
  const ports = { metrics: 0, health: 0 };
  const running = await startController({ cluster, environment, ports, times: quickTimes, log });
  return Object.defineProperties({ cluster, lines } as unknown as TestController, {
    ...Object.getOwnPropertyDescriptors(running),
  });
}

/** A pod that looks like an injected one; ready as soon as its gate is open. */
export function proberPodManifest(name: string, mesh: string, gate = false): object {
  const env = [
    { name: 'NETMACHINERY_NEIGHBOURS', value: '10' },
    { name: 'NETMACHINERY_MESH', value: mesh },
  ];
  const ports = [{ name: 'np-ping', containerPort: 19191 }];
  const containers = [{ name: 'net-prober', image: images.web, env, ports }];
  const readinessGates = gate ? [{ conditionType: proberGate }] : [];
  return podManifest(name, { spec: { containers, readinessGates } });
}

/** Opens or closes the gate of a pod. */
export async function setGate(
  admin: Cluster,
  namespace: string,
  name: string,
  status: 'True' | 'False',
): Promise<void> {
  const conditions = [{ type: proberGate, status }];
  await admin.patch(`/api/v1/namespaces/${namespace}/pods/${name}/status`, 'strategic', { status: { conditions } });
}

interface ListSeen {
  keys: string[];
  periodMs: number;
}

/** The peer list in a ConfigMap; undefined where there is none. */
export async function peerList(admin: Cluster, namespace: string, name: string): Promise<ListSeen | undefined> {
  const configMap = await admin
    .get<ConfigMap>(`/api/v1/namespaces/${namespace}/configmaps/${name}`)
    .catch(() => undefined);
  if (configMap === undefined) return undefined;
  const { endpointsMap = {}, pollingPeriod = 0 } = JSON.parse(listText(configMap) ?? '{}') as {
    endpointsMap?: object;
    pollingPeriod?: number;
  };
  return { keys: Object.keys(endpointsMap), periodMs: pollingPeriod / 1e6 };
}

export function networkProber(admin: Cluster, namespace: string, name: string): Promise<NetworkProber> {
  return admin.get(`/apis/probes.bigmikes.io/v1alpha1/namespaces/${namespace}/networkprobers/${name}`);
}

/** Asks until the answer is as wanted; the test's own time limit ends it. */
export async function once<T>(ask: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (isWanted(value)) return value;
    await sleep(100);
  }
}
