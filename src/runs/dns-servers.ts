// SPDX-License-Identifier: Apache-2.0
import { isIPv6 } from 'node:net';
import type { Cluster } from '../kube/cluster.js';
import type { Service } from '../kube/objects.js';
import { Failure } from '../errors/failure.js';
import type { Destination } from '../targets/destination.js';
import { resolveDestinations } from '../targets/destinations.js';
import { canonicalIpv6, type IpFamily } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import type { DestinationRef } from '../targets/refs.js';
import { virtualAddresses } from '../targets/service-fields.js';

const dnsPort = 53;

/** How servers are looked for. */
export interface ServerSearch {
  /** Of words without one; the cluster's own by default. */
  namespace?: string | undefined;
  /** Each endpoint of what is a Service, beside its virtual address. */
  eachEndpoint: boolean;
  protocol: 'tcp' | 'udp';
  families: readonly IpFamily[];
  signal: AbortSignal;
}

/** DNS servers, and what is to be said of those that could not be found. */
export interface FoundServers {
  servers: Destination[];
  notes: string[];
}

/** The servers that words name; of a Service its virtual address, and its endpoints where it has none or they are asked for. */
export async function namedServers(
  cluster: Cluster,
  refs: readonly DestinationRef[],
  { eachEndpoint, protocol, families, namespace, signal }: ServerSearch,
): Promise<FoundServers> {
  const asked = refs.map((ref) => ({ ...ref, ports: ref.ports.length === 0 ? [dnsPort] : ref.ports }));
  const options = { verb: 'connect' as const, protocols: [protocol], families, namespace, signal };
  const found = await resolveDestinations(cluster, asked, options);
  const host = found.destinations.find((destination) => destination.host !== undefined);
  if (host !== undefined) {
    throw new Failure('usage', `${quote(host.ref)} is a host name, and DNS servers have addresses`, {
      hint: 'name a server by its address, or as svc/NAME or pod/NAME',
    });
  }
  const isWanted = ({ role, ref }: Destination) =>
    eachEndpoint ||
    role !== 'endpoint' ||
    !found.destinations.some((other) => other.role === 'virtual' && other.ref === ref);
  return { servers: found.destinations.filter(isWanted), notes: found.notes };
}

function sameAddress(one: string, other: string): boolean {
  const plain = (address: string) => (isIPv6(address) ? canonicalIpv6(address) : address);
  return plain(one) === plain(other);
}

/** The Service whose virtual address this is: usually kube-system/kube-dns, which is looked at before all others. */
async function serviceAt(cluster: Cluster, address: string, signal: AbortSignal): Promise<Service | undefined> {
  const hasIt = (service: Service) =>
    virtualAddresses(service).some((virtual) => sameAddress(virtual.address, address));
  try {
    const usual = await cluster.get<Service>('/api/v1/namespaces/kube-system/services/kube-dns', { signal });
    if (hasIt(usual)) return usual;
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'notFound') throw thrown;
  }
  for await (const page of cluster.list<Service>('/api/v1/services', { signal })) {
    const found = page.find(hasIt);
    if (found !== undefined) return found;
  }
  return undefined;
}

function configuredServer(address: string, protocol: 'tcp' | 'udp'): Destination {
  const family = isIPv6(address) ? 6 : 4;
  return { ref: address, kind: 'ip', role: 'literal', address, family, port: dnsPort, protocol };
}

/** The nameservers of a resolv.conf; with `eachEndpoint` those that are Services also as each of their endpoints. */
export async function configuredServers(
  cluster: Cluster,
  nameservers: readonly string[],
  { eachEndpoint, protocol, signal }: ServerSearch,
): Promise<FoundServers> {
  const found = await Promise.all(
    nameservers.map(async (address): Promise<FoundServers> => {
      const server = configuredServer(address, protocol);
      const service = eachEndpoint ? await serviceAt(cluster, address, signal) : undefined;
      if (service === undefined) {
        const note = `no Service has the address ${address}, so there are no endpoints to ask beside it`;
        return { servers: [server], notes: eachEndpoint ? [note] : [] };
      }
      const { name, namespace = '' } = service.metadata;
      const target = { kind: 'service' as const, namespace, name };
      const { servers, notes } = await namedServers(
        cluster,
        [{ text: `${namespace}/svc/${name}`, target, ports: [dnsPort], protocol }],
        { eachEndpoint, protocol, families: [server.family], signal },
      );
      const endpoints = servers.filter(({ role }) => role === 'endpoint');
      return { servers: [{ ...server, kind: 'service', role: 'virtual', namespace, name }, ...endpoints], notes };
    }),
  );
  return { servers: found.flatMap(({ servers }) => servers), notes: found.flatMap(({ notes }) => notes) };
}
