// SPDX-License-Identifier: Apache-2.0
import { request } from 'node:https';
import { startCheckServer, type RunningCheckServer } from '../../../src/agents/check-server/server.js';
import { usualLimits } from '../../../src/agents/check-server/api-listener.js';
import type { CheckPlace } from '../../../src/agents/check-server/place.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { checkAgentName, checkAudience, checkServerName, type AgentReport } from '../../../src/model/check.js';
import { kubectl } from '../../e2e/kubectl.js';

const rbac = 'rbac.authorization.k8s.io';
const follow = ['list', 'watch'];
/** Short, so that a test does not wait for a quarter of a minute. */
const quickTimes = { leaseMs: 6000, renewMs: 4000, retryMs: 500 };
const definition = 'plugins-manifest/crds/checkagents.yaml';

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** What the server may do, and no more: what `check install` gives it. */
const serverRules = {
  cluster: [
    { apiGroups: [''], resources: ['nodes'], verbs: follow },
    { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ],
  namespace: [
    { apiGroups: [''], resources: ['pods', 'services'], verbs: follow },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: follow },
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['netmachinery-check-settings'],
      verbs: follow,
    },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['netmachinery-check-authority'],
      verbs: ['get', 'patch'],
    },
    { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: [checkServerName],
      verbs: ['get', 'list', 'watch', 'patch'],
    },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: [checkServerName],
      verbs: ['get', 'list', 'watch', 'patch'],
    },
    {
      apiGroups: ['netmachinery.io'],
      resources: ['checkagents'],
      verbs: ['get', 'list', 'create', 'patch', 'delete'],
    },
  ],
  hostNamespace: [
    { apiGroups: [''], resources: ['pods'], verbs: follow },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['netmachinery-check-authority'],
      verbs: ['get', 'patch'],
    },
  ],
  /** In `default` and in `kube-system`. */
  services: [
    { apiGroups: [''], resources: ['services'], verbs: follow },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: follow },
  ],
} satisfies Record<string, Rule[]>;

/** Installs the definition of CheckAgents, or finds it there. */
export async function installCheckAgents(): Promise<void> {
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', definition]);
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', '-f', definition]);
}

/** A service account with the rules of the server, agents' accounts, and settings; returns the server's user name. */
export async function checkAccounts({ namespace, hostNamespace }: CheckPlace, settings: object): Promise<string> {
  const subjects = [{ kind: 'ServiceAccount', name: checkServerName, namespace }];
  const granted = (where: string | undefined, name: string, rules: Rule[]) => {
    const [role, binding] = where === undefined ? ['ClusterRole', 'ClusterRoleBinding'] : ['Role', 'RoleBinding'];
    const metadata = where === undefined ? { name } : { name, namespace: where };
    return [
      { apiVersion: `${rbac}/v1`, kind: role, metadata, rules },
      {
        apiVersion: `${rbac}/v1`,
        kind: binding,
        metadata,
        roleRef: { apiGroup: rbac, kind: role, name },
        subjects,
      },
    ];
  };
  const account = (where: string, name: string) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: where },
  });
  const items = [
    account(namespace, checkServerName),
    account(namespace, checkAgentName),
    account(hostNamespace, checkAgentName),
    ...granted(undefined, `${namespace}-check-server`, serverRules.cluster),
    ...granted(namespace, 'check-server', serverRules.namespace),
    ...granted(hostNamespace, 'check-server', serverRules.hostNamespace),
    ...granted('default', `${namespace}-check-server`, serverRules.services),
    ...granted('kube-system', `${namespace}-check-server`, serverRules.services),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'netmachinery-check-settings', namespace },
      data: { 'settings.json': JSON.stringify(settings) },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: checkServerName, namespace },
      spec: { ports: [{ name: 'api', port: 443, targetPort: 27_443 }] },
    },
  ];
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return `system:serviceaccount:${namespace}:${checkServerName}`;
}

export async function removeAccounts({ namespace }: CheckPlace): Promise<void> {
  const name = `${namespace}-check-server`;
  await kubectl(['delete', 'clusterrole,clusterrolebinding', name, '--ignore-not-found']);
  for (const where of ['default', 'kube-system']) {
    await kubectl(['delete', '-n', where, 'role,rolebinding', name, '--ignore-not-found']);
  }
}

export interface TestServer {
  running: RunningCheckServer;
  cluster: Cluster;
  lines: string[];
}

/** A server in this process, as its account, on loopback. */
export async function serverIn(
  place: CheckPlace,
  user: string,
  name: string,
  ownToken: string,
  requestMs = usualLimits.requestMs,
): Promise<TestServer> {
  const cluster = await connectCluster({ as: user });
  const lines: string[] = [];
  const running = await startCheckServer({
    cluster,
    place,
    name,
    address: '127.0.0.1',
    host: '127.0.0.1',
    ports: { api: 0, health: 0, metrics: 0, loopback: 0, legacy: undefined },
    ownToken: () => Promise.resolve(ownToken),
    drainMs: 0,
    limits: { ...usualLimits, requestMs },
    leastGraceMs: 0,
    times: quickTimes,
    log: (line) => void lines.push(line),
  });
  return { running, cluster, lines };
}

/** An agent's pod that no kubelet takes: its node is a name alone, or one where nothing runs. It is `Running` by its status. */
export async function agentPod(
  admin: Cluster,
  namespace: string,
  network: 'pod' | 'host',
  node: string,
  name: string,
): Promise<void> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await admin.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { 'netmachinery.io/check': 'installed', 'netmachinery.io/check-network': network },
    },
    spec: {
      nodeName: node,
      serviceAccountName: checkAgentName,
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: checkAgentName, image: 'example.invalid/none:1' }],
    },
  });
  const ips = [{ ip: '198.18.7.7' }];
  await admin.patch(`${pods}/${name}/status`, 'strategic', {
    status: { phase: 'Running', podIP: '198.18.7.7', podIPs: ips },
  });
}

/** A node without a kubelet, where nothing is scheduled. */
export async function fakeNode(admin: Cluster, name: string, owner: string): Promise<void> {
  await admin.create('/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/os': 'linux', 'netmachinery.test/check': owner } },
    spec: { unschedulable: true, taints: [{ key: 'netmachinery.test/fake', effect: 'NoExecute' }] },
  });
  await admin.patch(`/api/v1/nodes/${name}/status`, 'strategic', {
    status: { conditions: [{ type: 'Ready', status: 'True', reason: 'Test', message: 'test' }] },
  });
}

/** The token that a kubelet gets for a pod. */
export async function podToken(
  admin: Cluster,
  namespace: string,
  pod: string,
  account: string = checkAgentName,
): Promise<string> {
  const { metadata } = await admin.get<{ metadata: { uid: string } }>(`/api/v1/namespaces/${namespace}/pods/${pod}`);
  const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: pod, uid: metadata.uid };
  return token(admin, namespace, account, { audiences: [checkAudience], boundObjectRef });
}

export async function token(
  admin: Cluster,
  namespace: string,
  account: string,
  spec: object = { audiences: [] },
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
  return (await admin.create<{ status: { token: string } }>(path, body)).status.token;
}

export function reportOf(namespace: string, network: 'pod' | 'host', node: string, pod: string): AgentReport {
  const now = new Date().toISOString();
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'CheckAgentReport',
    agent: { node, network, namespace, pod, ips: ['198.18.7.7'] },
    intervalMs: 1000,
    payloadEntries: 1500,
    hostDate: now,
    startedAt: now,
    durationMs: 12,
    uptimeSeconds: 100,
    kernel: '6.1.0',
    interfaces: [
      { name: 'eth0', mtu: 1500, addresses: ['198.18.7.7/24'], rxErrors: 0, txErrors: 0, rxDropped: 0, txDropped: 0 },
    ],
    resolver: { nameservers: ['198.18.0.10'], search: ['svc.cluster.local'] },
    outcomes: [{ kind: 'api', via: 'name', host: 'kubernetes.default.svc', port: 443, values: { tcp: 1.5 } }],
  };
}

export interface Answered {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: unknown;
}

interface Asked {
  method?: string;
  path: string;
  token?: string;
  body?: string | Buffer;
  ca: string;
  serverName: string;
}

/** One request to a server of a test, whose certificate is verified. */
export function ask(
  port: number,
  { method = 'GET', path, token: bearer, body, ca, serverName }: Asked,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      ca,
      servername: serverName,
      agent: false,
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: text === '' ? undefined : (JSON.parse(text) as unknown),
        });
      });
    });
    outgoing.end(body);
  });
}
