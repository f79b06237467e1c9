// SPDX-License-Identifier: Apache-2.0
import { request } from 'node:https';
import { startCheckServer, type RunningCheckServer } from '../../../src/agents/check-server/server.js';
import { usualLimits } from '../../../src/agents/check-server/api-listener.js';
import type { CheckPlace } from '../../../src/agents/check-server/place.js';
import { serverAccess } from '../../../src/check/objects/server-access.js';
import type { InstalledObject } from '../../../src/installation/installed-object.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import {
  agentNetworks,
  checkAgentName,
  checkAudience,
  checkHostNamespace,
  checkNamespace,
  checkServerName,
  type AgentReport,
} from '../../../src/model/check.js';
import { kubectl } from '../../e2e/kubectl.js';

/** Short, so that a test does not wait for a quarter of a minute. */
const quickTimes = { leaseMs: 6000, renewMs: 4000, retryMs: 500 };
const definition = 'plugins-manifest/crds/checkagents.yaml';

/** Namespaces of a test, in place of those of an installed check. */
export interface TestPlace extends CheckPlace {
  hostNamespace: string;
}

/** What `check install` lets the server do, and no more, in the namespaces of a test: two tests at once have a cluster in common. */
function serverAccessIn({ namespace, hostNamespace }: TestPlace): object[] {
  const namespaces = new Map([
    [checkNamespace, namespace],
    [checkHostNamespace, hostNamespace],
  ]);
  return serverAccess(agentNetworks).map((object) => {
    const { metadata, roleRef, subjects } = object as AccessObject;
    const own = metadata.namespace === undefined ? undefined : namespaces.get(metadata.namespace);
    const name = own === undefined ? sharedName(namespace) : metadata.name;
    return {
      ...object,
      // Without labels: nobody is to take it for an installed check.
      metadata: {
        name,
        ...(metadata.namespace === undefined ? {} : { namespace: own ?? metadata.namespace }),
      },
      ...(roleRef === undefined ? {} : { roleRef: { ...roleRef, name } }),
      ...(subjects === undefined ? {} : { subjects: subjects.map((subject) => ({ ...subject, namespace })) }),
    };
  });
}

interface AccessObject extends InstalledObject {
  roleRef?: { name: string };
  subjects?: { namespace: string }[];
}

/** Of what is not in a namespace of the test. */
function sharedName(namespace: string): string {
  return `${namespace}-check-server`;
}

/** Installs the definition of CheckAgents, or finds it there. */
export async function installCheckAgents(): Promise<void> {
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', definition]);
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', '-f', definition]);
}

/** A service account with the rules of the server, agents' accounts, and settings; returns the server's user name. */
export async function checkAccounts(place: TestPlace, settings: object): Promise<string> {
  const { namespace, hostNamespace } = place;
  const account = (where: string, name: string) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: where },
  });
  const items = [
    account(namespace, checkAgentName),
    account(hostNamespace, checkAgentName),
    ...serverAccessIn(place),
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

export async function removeAccounts({ namespace }: TestPlace): Promise<void> {
  const name = sharedName(namespace);
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
  ip = '198.18.7.7',
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
      // As PodSecurity restricted has it.
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: checkAgentName,
          image: 'example.invalid/none:1',
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  });
  const ips = [{ ip }];
  await admin.patch(`${pods}/${name}/status`, 'strategic', {
    status: { phase: 'Running', podIP: ip, podIPs: ips },
  });
}

/** A node without a kubelet, where nothing is scheduled unless it is `open`. */
export async function fakeNode(admin: Cluster, name: string, owner: string, open = false): Promise<void> {
  await admin.create('/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/os': 'linux', 'netmachinery.test/check': owner } },
    spec: open ? {} : { unschedulable: true, taints: [{ key: 'netmachinery.test/fake', effect: 'NoExecute' }] },
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
