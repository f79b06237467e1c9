// SPDX-License-Identifier: Apache-2.0
import type { Service } from '../kube/objects.js';
import { hostDestinations } from './address-destinations.js';
import type { Destination, DestinationScope, PortRequest } from './destination.js';
import { emptyDestinations } from './empty-services.js';
import { serviceEndpoints, type ServiceEndpoint } from './endpoints.js';
import type { SliceFacts } from './lookup.js';
import { hostName } from './names.js';
import type { FoundDestinations } from './pod-destinations.js';
import { portFields, serviceFields, virtualAddresses } from './service-fields.js';
import { servicePorts, type ServicePort } from './service-ports.js';
import { hasPorts } from './refs.js';

/**
 * A Service as its virtual addresses and every ready endpoint, each at the port that backs the Service's; a headless one
 * as its endpoints; an external one as its host name. Throws Failure `usage` for a port that it does not have.
 */
export function serviceDestinations(
  request: PortRequest,
  service: Service,
  slices: readonly SliceFacts[],
  scope: DestinationScope,
): FoundDestinations {
  if (service.spec.type === 'ExternalName') return externalDestinations(request, service, scope);
  const ports = !hasPorts(scope.verb) ? [undefined] : servicePorts(request, service, scope);
  const virtual = ports.flatMap((port) => virtualDestinations(request, service, port, scope));
  const endpoints = ports.map((port) => ({ port, found: serviceEndpoints(slices, port, scope.families) }));
  const reachable = endpoints.flatMap(({ port, found }) =>
    found.map((endpoint) => endpointDestination(request, service, port, endpoint)),
  );
  const without = endpoints.filter(({ found }) => found.length === 0).map(({ port }) => port);
  return {
    destinations: [
      ...virtual,
      ...reachable,
      ...emptyDestinations(request, service, { ports, without, slices, virtual }, scope),
    ],
    notes: headlessNotes(request, service, endpoints),
  };
}

function externalDestinations(request: PortRequest, service: Service, scope: DestinationScope): FoundDestinations {
  const { namespace = '', name } = service.metadata;
  const host = hostName(service.spec.externalName ?? '');
  if (host === undefined) {
    const emptyMessage = `service ${namespace}/${name} has an external name that is no host name`;
    return {
      destinations: [
        { ...serviceFields(request, service), family: scope.families[0] ?? 4, emptyReason: 'NoAddress', emptyMessage },
      ],
      notes: [],
    };
  }
  const ports = !hasPorts(scope.verb) ? [] : servicePorts(request, service, scope);
  const requests = !hasPorts(scope.verb)
    ? [request]
    : ports.map(({ ref, port, protocol }) => ({ ...request, text: ref, ports: [port], protocol }));
  return {
    destinations: requests.flatMap((each) => hostDestinations(each, host, scope, { namespace })),
    notes: [`${request.text} is the external name ${host}`],
  };
}

function virtualDestinations(
  request: PortRequest,
  service: Service,
  port: ServicePort | undefined,
  { families, verb }: DestinationScope,
): Destination[] {
  return virtualAddresses(service)
    .filter(({ family }) => families.includes(family))
    .map(({ address, family }) => ({
      ...serviceFields(request, service),
      address,
      family,
      ...portFields(port),
      ...(!hasPorts(verb) ? { informational: true } : {}),
    }));
}

function endpointDestination(
  request: PortRequest,
  { metadata }: Service,
  port: ServicePort | undefined,
  endpoint: ServiceEndpoint,
): Destination {
  const { address, family, node, pod } = endpoint;
  return {
    ref: request.text,
    kind: 'endpoint',
    role: 'endpoint',
    namespace: pod?.namespace ?? metadata.namespace ?? '',
    ...(pod === undefined ? {} : { name: pod.name, pod }),
    address,
    family,
    ...portFields(port, endpoint.port),
    ...(node === undefined ? {} : { node }),
  };
}

/** Clients of a headless Service dial its pods at the port they know, not at the one that the Service maps it to. */
function headlessNotes(
  { text }: PortRequest,
  service: Service,
  endpoints: readonly { port: ServicePort | undefined; found: readonly ServiceEndpoint[] }[],
): string[] {
  if (service.spec.clusterIP !== 'None') return [];
  return endpoints.flatMap(({ port, found }) => {
    const other = found.find((endpoint) => port !== undefined && endpoint.port !== port.port);
    if (port === undefined || other === undefined) return [];
    return [`${text} is headless: tests dial its pods at ${other.port}, clients of its name at ${port.port}`];
  });
}
