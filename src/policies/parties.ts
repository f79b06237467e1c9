// SPDX-License-Identifier: Apache-2.0
import type { Pod, Service } from '../kube/objects.js';
import type { Destination } from '../targets/destination.js';
import { podFacts } from '../targets/pod-facts.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { NodeParty, Party, PodParty } from './connection.js';
import { endpointsBehind } from './endpoints-behind.js';
import type { PolicyReader } from './policy-reader.js';

/** A pod that was read, at one of its addresses. */
function partyOfPod(pod: Pod, address: string): PodParty | NodeParty {
  const { namespace = '', name, labels = {} } = pod.metadata;
  const { nodeName: node, hostNetwork } = pod.spec;
  if (hostNetwork === true) return { kind: 'node', name: `${namespace}/${name}`, address, node };
  return { kind: 'pod', namespace, name, address, node, facts: { labels, ports: podFacts(pod, [4, 6]).ports } };
}

/** The end that packets leave from, at its address of the family that is tested. */
export function sourceParty({ pod, addresses, primaryFamily }: SourcePod, family: 4 | 6): PodParty | NodeParty {
  return partyOfPod(pod, addresses[family] ?? addresses[primaryFamily] ?? '');
}

/** What packets may have arrived at. */
export interface DestinationEnd {
  party: Party;
  /** Of an endpoint it may be another one than that of the virtual address. */
  port?: number | undefined;
}

/**
 * What a destination is to policies, at the address that packets went to: a Service's virtual address is its ready
 * endpoints, at their ports. Where there are no policies, pods are not read.
 */
export async function destinationEnds(
  destination: Destination,
  address: string,
  source: SourcePod,
  reader: PolicyReader,
): Promise<DestinationEnd[]> {
  const { role, pod, name = address, node, traits, port } = destination;
  if (pod !== undefined && traits?.hostNetwork === true) {
    return [{ party: { kind: 'node', name: `${pod.namespace}/${pod.name}`, address, node }, port }];
  }
  if (pod !== undefined) return [{ party: await podParty(pod, { address, node }, source, reader), port }];
  if (role === 'node') return [{ party: { kind: 'node', name, address, node }, port }];
  if (address === '') return [{ party: { kind: 'address', address: name, doubt: unresolved(name) }, port }];
  const service = await serviceAt(destination, address, source, reader);
  const endpoints = service === undefined ? [] : await endpointsBehind(service, destination, reader);
  if (endpoints.length === 0) return [{ party: await addressParty(address, source, reader), port }];
  return Promise.all(
    endpoints.map(async (endpoint) => ({
      party:
        endpoint.pod === undefined
          ? await addressParty(endpoint.address, source, reader)
          : await podParty(endpoint.pod, endpoint, source, reader),
      port: endpoint.port,
    })),
  );
}

/** A host of which the tools did not say where they sent to. */
function unresolved(host: string): string {
  return `which address ${host} stood for is not known`;
}

/** The Service whose virtual address it is. */
async function serviceAt(
  { role, namespace = '', name = '' }: Destination,
  address: string,
  source: SourcePod,
  reader: PolicyReader,
): Promise<Service | undefined> {
  if (role === 'virtual') return reader.service(namespace, name);
  const owner = await reader.owner(address, source.primaryFamily);
  return typeof owner === 'object' && 'service' in owner ? owner.service : undefined;
}

async function podParty(
  { namespace, name }: { namespace: string; name: string },
  { address, node }: { address: string; node?: string | undefined },
  source: SourcePod,
  reader: PolicyReader,
): Promise<PodParty | NodeParty> {
  const both = await Promise.all([source.namespace, namespace].map((each) => reader.policies(each)));
  const found = both.some((policies) => policies?.length !== 0) ? await reader.pod(namespace, name) : undefined;
  return found === undefined ? { kind: 'pod', namespace, name, address, node } : partyOfPod(found, address);
}

/** An address of which only itself is known. */
async function addressParty(
  address: string,
  { pod: { status }, ...source }: SourcePod,
  reader: PolicyReader,
): Promise<Party> {
  const ownNode = [status?.hostIP, ...(status?.hostIPs ?? []).map(({ ip }) => ip)];
  if (ownNode.includes(address)) return { kind: 'node', name: address, address, node: source.node };
  const owner = await reader.owner(address, source.primaryFamily);
  if (owner === undefined) {
    return { kind: 'address', address, doubt: `whether ${address} belongs to a pod or Service is not known` };
  }
  if (owner === 'nobody') return { kind: 'address', address };
  if ('pod' in owner) return partyOfPod(owner.pod, address);
  const { namespace = '', name } = owner.service.metadata;
  const doubt = `the endpoints behind ${address}, the virtual address of service ${namespace}/${name}, are not known`;
  return { kind: 'address', address, doubt };
}
