// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { KubeObject, Node, Pod } from '../kube/objects.js';
import { callerName } from '../kube/identity.js';
import { serverVersion } from '../kube/server-version.js';
import type { Check, CheckStatus, PreflightReport } from '../model/preflight.js';
import type { EntryNeeds } from '../permissions/entry-flags.js';
import type { PermissionVerb } from '../permissions/needs.js';
import { isTest } from '../permissions/rules.js';
import { findEligiblePod, podSecurityCheck, rehearsalCheck } from './admission-checks.js';
import { imageCheck, kernelCheck, nodeFacts, pingCheck, windowsCheck } from './node-checks.js';
import { permissionChecks } from './permission-checks.js';
import { ephemeralContainersCheck, kubeletCheck, serverVersionCheck } from './version-checks.js';

export interface PreflightRequest {
  commands: readonly PermissionVerb[];
  image: string;
  /** How pods will be entered; without it by tool containers. */
  entry: Partial<EntryNeeds>;
  signal: AbortSignal;
}

/** Undefined where it may not be read. */
async function ifAllowed<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'forbidden') return undefined;
    throw failure;
  }
}

/** The namespace, undefined where it may not be read. Throws Failure `notFound` where there is none of that name. */
function readNamespace(cluster: Cluster, signal: AbortSignal): Promise<KubeObject | undefined> {
  return ifAllowed(cluster.get<KubeObject>(`/api/v1/namespaces/${encodeURIComponent(cluster.namespace)}`, { signal }));
}

/** Only what the checks read of a node is kept. */
async function readNodes(cluster: Cluster, image: string, signal: AbortSignal): Promise<Node[]> {
  const nodes: Node[] = [];
  for await (const page of cluster.list<Node>('/api/v1/nodes', { signal })) {
    nodes.push(...page.map((node) => nodeFacts(node, image)));
  }
  return nodes;
}

async function readPullSecrets(cluster: Cluster, signal: AbortSignal): Promise<string[]> {
  interface ServiceAccount extends KubeObject {
    imagePullSecrets?: { name: string }[];
  }
  const path = `/api/v1/namespaces/${encodeURIComponent(cluster.namespace)}/serviceaccounts/default`;
  try {
    const { imagePullSecrets = [] } = await cluster.get<ServiceAccount>(path, { signal });
    return imagePullSecrets.map(({ name }) => name);
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'notFound') return [];
    throw thrown;
  }
}

function userCheck(caller: string | undefined): Check[] {
  return caller === undefined ? [] : [{ check: 'user', status: 'ok', detail: caller }];
}

function entersPods(command: PermissionVerb): boolean {
  return isTest(command) || command === 'shape';
}

function addsForTests({ ownContainer, probePod }: Partial<EntryNeeds>): boolean {
  return ownContainer !== true && probePod !== true;
}

/** Tool containers as the commands would add them. */
function rehearse(
  cluster: Cluster,
  pod: Pod | undefined,
  { commands, image, entry, signal }: PreflightRequest,
): Promise<Check>[] {
  const rehearsal = (what: string, capabilities: string[], optional: boolean) =>
    rehearsalCheck(cluster, pod, { image, capabilities }, { what, optional, signal });
  const tests = commands.some(isTest) && addsForTests(entry);
  const isExtra = commands.some((command) => command !== 'shape');
  return [
    ...(tests ? [rehearsal('a tool container', [], false)] : []),
    ...(tests ? [rehearsal('one with NET_RAW (--raw, --udp-proof capture)', ['NET_RAW'], true)] : []),
    ...(commands.includes('shape') ? [rehearsal('one with NET_ADMIN (shape)', ['NET_ADMIN'], isExtra)] : []),
  ];
}

/** What only matters to those who enter pods: versions, admission, image and runtimes. */
async function podChecks(cluster: Cluster, request: PreflightRequest): Promise<Check[]> {
  const { commands, image, entry, signal } = request;
  const [namespace, nodes, secrets, pod, discovery] = await Promise.all([
    readNamespace(cluster, signal),
    ifAllowed(readNodes(cluster, image, signal)),
    ifAllowed(readPullSecrets(cluster, signal)),
    ifAllowed(findEligiblePod(cluster, signal)),
    cluster.get<{ resources: { name: string; verbs: string[] }[] }>('/api/v1', { signal }),
  ]);
  const addsToPods = commands.includes('shape') || addsForTests(entry);
  const rehearsals = addsToPods ? await Promise.all(rehearse(cluster, pod, request)) : [];
  return [
    ...(addsToPods ? [ephemeralContainersCheck(discovery.resources)] : []),
    ...(addsToPods && nodes !== undefined ? [kubeletCheck(nodes)] : []),
    ...(entry.ownContainer === true ? [] : [podSecurityCheck(namespace, commands.filter(entersPods))]),
    ...rehearsals,
    ...(entry.ownContainer === true ? [] : [imageCheck(image, nodes, { secrets })]),
    ...(commands.includes('ping') || commands.includes('mtu') ? [pingCheck(nodes)] : []),
    ...(commands.includes('shape') ? [kernelCheck(nodes)] : []),
    ...windowsCheck(nodes ?? []),
  ];
}

/**
 * Looks whether commands can work in a namespace, and if not why. Changes nothing: it reads, asks for access reviews and
 * lets the server rehearse. Throws Failure when the server cannot be asked or the namespace does not exist.
 */
export async function preflight(cluster: Cluster, request: PreflightRequest): Promise<PreflightReport> {
  const { commands, image, entry, signal } = request;
  const version = await serverVersion(cluster, { signal });
  const [caller, permissions, others] = await Promise.all([
    callerName(cluster, { signal }),
    permissionChecks(cluster, commands, { minor: version.release?.minor, entry, signal }),
    commands.some(entersPods) ? podChecks(cluster, request) : [],
  ]);
  const checks = [serverVersionCheck(version), ...userCheck(caller), ...permissions, ...others];
  const summary: Record<CheckStatus, number> = { ok: 0, warning: 0, failed: 0, unknown: 0 };
  for (const { status } of checks) summary[status] += 1;
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'PreflightReport',
    namespace: cluster.namespace,
    commands: [...commands],
    image,
    summary,
    checks,
  };
}
