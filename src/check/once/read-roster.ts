// SPDX-License-Identifier: Apache-2.0
import { rosterService } from '../../connectivity/roster-service.js';
import type { Roster, RosterService } from '../../connectivity/roster.js';
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { EndpointSlice, Service } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import { agentPorts, checkAgentName, type AgentIdentity } from '../../model/check.js';
import { clusterName, usualDomain } from './cluster-domain.js';
import { oncePortName } from './once-objects.js';

const dnsNamespace = 'kube-system';
/** What cluster DNS is labelled with, whichever server it is (Kubernetes, "Customizing DNS Service"). */
const dnsSelector = 'k8s-app=kube-dns';
/** In the order of preference: beside it may be a Service for a cache's upstream, with the same label. */
const dnsNames = ['kube-dns', 'coredns'];
const dnsPort = 53;
/** Endpoints of ready pods are there within moments; where the controller is busy, agents go on without. */
const endpointsLimitMs = 10_000;
const endpointsEveryMs = 300;

async function listAll<T extends Service | EndpointSlice>(
  cluster: Cluster,
  path: string,
  labelSelector: string,
  signal: AbortSignal,
): Promise<T[]> {
  const all: T[] = [];
  for await (const page of cluster.list<T>(path, { labelSelector, signal })) all.push(...page);
  return all;
}

async function reached(
  cluster: Cluster,
  service: Service,
  portName: string | undefined,
  signal: AbortSignal,
): Promise<RosterService> {
  const { namespace = '', name } = service.metadata;
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const slices = await listAll<EndpointSlice>(cluster, path, `kubernetes.io/service-name=${name}`, signal);
  return rosterService(service, slices, portName);
}

/** The Service of the agents, once its endpoints are the agents that are ready. */
async function agentsService(
  cluster: Cluster,
  agents: readonly AgentIdentity[],
  signal: AbortSignal,
): Promise<RosterService | undefined> {
  const ours = agents.filter(({ network }) => network === 'pod');
  const namespace = ours[0]?.namespace;
  if (namespace === undefined) return undefined;
  const path = `/api/v1/namespaces/${namespace}/services/${checkAgentName}`;
  const giveUpMs = performance.now() + endpointsLimitMs;
  for (;;) {
    const service = await cluster.get<Service>(path, { signal });
    const found = await reached(cluster, service, oncePortName, signal);
    const there = new Set(found.endpoints.map(({ pod }) => pod));
    if (ours.every(({ pod }) => there.has(pod)) || performance.now() > giveUpMs) return found;
    await pause(endpointsEveryMs, signal);
  }
}

async function apiService(cluster: Cluster, signal: AbortSignal): Promise<RosterService> {
  const service = await cluster.get<Service>('/api/v1/namespaces/default/services/kubernetes', { signal });
  return { ...(await reached(cluster, service, 'https', signal)), tls: true };
}

/** The Service of the cluster's DNS: by its label, else by a usual name; undefined where there is none. */
export function dnsServiceOf(services: readonly Service[]): Service | undefined {
  const labelled = services.filter(({ metadata }) => metadata.labels?.['k8s-app'] === 'kube-dns');
  const named = (among: readonly Service[]) =>
    dnsNames.flatMap((name) => among.filter(({ metadata }) => metadata.name === name))[0];
  return named(labelled) ?? labelled[0] ?? named(services);
}

async function dnsService(cluster: Cluster, signal: AbortSignal): Promise<RosterService | undefined> {
  const path = `/api/v1/namespaces/${dnsNamespace}/services`;
  const labelled = await listAll<Service>(cluster, path, dnsSelector, signal);
  const services = labelled.length > 0 ? labelled : await listAll<Service>(cluster, path, '', signal);
  const service = dnsServiceOf(services);
  if (service === undefined) return undefined;
  const port = service.spec.ports?.find(({ port: number, protocol }) => number === dnsPort && protocol === 'UDP');
  return reached(cluster, service, port?.name, signal);
}

/** What agents are to reach, and what could not be found out and is not checked therefore. */
export async function readRoster(
  cluster: Cluster,
  agents: readonly AgentIdentity[],
  signal: AbortSignal,
): Promise<{ roster: Roster; warnings: string[] }> {
  const warnings: string[] = [];
  const orWarn = async <T>(what: string, work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (signal.aborted || failure.code === 'bug') throw failure;
      warnings.push(`${what} is not checked: ${failure.message}`);
      return undefined;
    }
  };
  const [server, api, dns] = await Promise.all([
    orWarn('the Service of the agents', agentsService(cluster, agents, signal)),
    orWarn('the Service of the API server', apiService(cluster, signal)),
    orWarn('cluster DNS', dnsService(cluster, signal)),
  ]);
  if (dns === undefined && warnings.every((line) => !line.startsWith('cluster DNS'))) {
    const names = dnsNames.join(' or ');
    warnings.push(
      `cluster DNS is not checked: namespace ${dnsNamespace} has no Service with label ${dnsSelector}, nor one named ${names}`,
    );
  }
  const roster = {
    agents: [...agents],
    agentPort: agentPorts.once,
    server,
    api,
    dns,
    clusterName: clusterName(usualDomain),
  };
  return { roster, warnings };
}
