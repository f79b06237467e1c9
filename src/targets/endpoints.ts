// SPDX-License-Identifier: Apache-2.0
import type { SliceFacts } from './lookup.js';
import { ipFamily, type IpFamily } from './names.js';
import { protocolOf } from './pod-facts.js';
import type { ServicePort } from './service-ports.js';

/** One ready endpoint at the port that backs a Service's. */
export interface ServiceEndpoint {
  address: string;
  family: IpFamily;
  /** Absent where no port was asked for. */
  port?: number;
  node?: string;
  pod?: { namespace: string; name: string };
}

/**
 * The ready endpoints of EndpointSlices for one port, or for none (ICMP), by pod and address. Facts of the discovery.k8s.io/v1
 * API: an absent `ready` means ready, no meaning is given to addresses after the first, a slice's ports go by the Service
 * port's name, and an absent port number means every port. Endpoints without a backing port of that name are left out.
 */
export function serviceEndpoints(
  slices: readonly SliceFacts[],
  port: ServicePort | undefined,
  families: readonly IpFamily[],
): ServiceEndpoint[] {
  const found = new Map<string, ServiceEndpoint>();
  for (const slice of slices) {
    const number = backingPort(slice, port);
    if (port !== undefined && number === undefined) continue;
    for (const { addresses, conditions, nodeName, targetRef } of slice.endpoints ?? []) {
      const [address] = addresses;
      const family = address === undefined ? undefined : ipFamily(address);
      if (address === undefined || family === undefined || !families.includes(family) || conditions?.ready === false)
        continue;
      const { namespace = '', name } = targetRef ?? {};
      found.set(`${address} ${number}`, {
        address,
        family,
        ...(number === undefined ? {} : { port: number }),
        ...(nodeName === undefined ? {} : { node: nodeName }),
        ...(targetRef?.kind === 'Pod' && name !== undefined ? { pod: { namespace, name } } : {}),
      });
    }
  }
  return [...found.values()].sort(byPodAndAddress);
}

function backingPort({ ports }: SliceFacts, wanted: ServicePort | undefined): number | undefined {
  if (wanted === undefined || !wanted.declared) return wanted?.port;
  const backing = ports?.find(
    ({ name = '', protocol }) => name === wanted.name && protocolOf(protocol) === wanted.protocol,
  );
  return backing === undefined ? undefined : (backing.port ?? wanted.port);
}

function byPodAndAddress(a: ServiceEndpoint, b: ServiceEndpoint): number {
  const [left, right] = [a, b].map(({ pod, family, address }) => `${pod?.name ?? ''} ${family} ${address}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
