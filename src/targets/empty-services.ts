// SPDX-License-Identifier: Apache-2.0
import type { Service } from '../kube/objects.js';
import type { Destination, DestinationScope, PortRequest } from './destination.js';
import type { SliceFacts } from './lookup.js';
import type { IpFamily } from './names.js';
import { portFields, serviceFields, virtualAddresses } from './service-fields.js';
import type { ServicePort } from './service-ports.js';

/** What a Service was found to have and to lack. */
export interface Emptiness {
  ports: readonly (ServicePort | undefined)[];
  without: readonly (ServicePort | undefined)[];
  slices: readonly SliceFacts[];
  virtual: readonly Destination[];
}

/** One destination where no port has endpoints, else one for each port that has none. */
export function emptyDestinations(
  request: PortRequest,
  service: Service,
  { ports, without, slices, virtual }: Emptiness,
  { families }: DestinationScope,
): Destination[] {
  if (without.length === 0) return [];
  const { namespace = '', name } = service.metadata;
  const family = virtual[0]?.family ?? families[0] ?? 4;
  const empty = { ...serviceFields(request, service), role: 'endpoint' as const, family };
  const otherFamily = families.length === 1 && virtual.length === 0 && hasOtherFamily(service, slices, family);
  if (otherFamily) {
    const emptyMessage = `service ${namespace}/${name} has no IPv${family} address`;
    return [
      { ...empty, ...portFields(ports.length === 1 ? ports[0] : undefined), emptyReason: 'NoAddress', emptyMessage },
    ];
  }
  const message = (port: ServicePort | undefined) =>
    `service ${namespace}/${name} has no ready endpoints${port === undefined ? '' : ` for port ${port.port}/${port.protocol}`}`;
  const whole = without.length === ports.length && ports.length > 1;
  return (whole ? [undefined] : without).map((port) => ({
    ...empty,
    ...portFields(port),
    emptyReason: 'NoEndpoints' as const,
    emptyMessage: message(port),
  }));
}

function hasOtherFamily(service: Service, slices: readonly SliceFacts[], family: IpFamily): boolean {
  const endpointTypes = slices
    .filter(({ endpoints }) => (endpoints ?? []).length > 0)
    .map(({ addressType }) => addressType);
  const virtual = virtualAddresses(service).map((entry) => `IPv${entry.family}`);
  return [...endpointTypes, ...virtual].some((type) => type !== `IPv${family}`);
}
