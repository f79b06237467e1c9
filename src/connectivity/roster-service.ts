// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { EndpointSlice, Service } from '../kube/objects.js';
import type { RosterService } from './roster.js';

/**
 * A Service as agents reach it: its port of this name (or the only one), and the ready endpoints behind it. Slices of
 * other Services must not be among `slices`. Throws Failure(notFound) where it has no such port.
 */
export function rosterService(service: Service, slices: readonly EndpointSlice[], portName?: string): RosterService {
  const { metadata, spec } = service;
  const { name, namespace = 'default' } = metadata;
  const ports = spec.ports ?? [];
  // DNS has one port in two protocols; agents ask by UDP.
  const port = portName === undefined ? ports[0] : ports.find((candidate) => candidate.name === portName);
  if (port === undefined) {
    throw new Failure('notFound', `service ${namespace}/${name} has no port ${portName ?? ''}`.trimEnd());
  }
  const addresses = [spec.clusterIP ?? '', ...(spec.clusterIPs ?? [])];
  return {
    host: `${name}.${namespace}.svc`,
    virtual: [...new Set(addresses)].filter((address) => address !== '' && address !== 'None').sort(),
    port: port.port,
    endpoints: slices.flatMap((slice) => endpointsOf(slice, port.name)).filter(isFirst),
  };
}

function endpointsOf({ addressType, endpoints, ports }: EndpointSlice, portName = ''): RosterService['endpoints'] {
  const port = ports?.find(({ name = '' }) => name === portName)?.port;
  if (addressType === 'FQDN' || port === undefined) return [];
  return (
    (endpoints ?? [])
      // A condition that is not there is unknown, and means yes (discovery.k8s.io/v1 EndpointConditions).
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses, nodeName, targetRef }) => {
        const address = addresses[0];
        if (address === undefined) return [];
        return [
          {
            address,
            port,
            ...(nodeName === undefined ? {} : { node: nodeName }),
            ...(targetRef?.kind === 'Pod' && targetRef.name !== undefined ? { pod: targetRef.name } : {}),
          },
        ];
      })
  );
}

/** An endpoint may be in two slices while one is made from the other. */
function isFirst(
  endpoint: RosterService['endpoints'][number],
  index: number,
  all: RosterService['endpoints'],
): boolean {
  return all.findIndex(({ address, port }) => address === endpoint.address && port === endpoint.port) === index;
}
