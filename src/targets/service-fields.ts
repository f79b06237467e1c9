// SPDX-License-Identifier: Apache-2.0
import type { Service } from '../kube/objects.js';
import type { PortFields, PortRequest } from './destination.js';
import { ipFamily, type IpFamily } from './names.js';
import type { ServicePort } from './service-ports.js';

/** What every destination of a Service says of it. */
export function serviceFields({ text }: PortRequest, { metadata }: Service) {
  return {
    ref: text,
    kind: 'service' as const,
    role: 'virtual' as const,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
  };
}

/** A port as fields of a destination; `number` is the one that backs it, where that is another. */
export function portFields(port: ServicePort | undefined, number = port?.port): PortFields {
  if (port === undefined) return {};
  return {
    ref: port.ref,
    ...(number === undefined ? {} : { port: number }),
    ...(port.name === '' ? {} : { portName: port.name }),
    protocol: port.protocol,
  };
}

/** The virtual addresses of a Service; a headless one has none. */
export function virtualAddresses({ spec }: Service): { address: string; family: IpFamily }[] {
  const addresses = spec.clusterIPs ?? (spec.clusterIP === undefined ? [] : [spec.clusterIP]);
  return addresses.flatMap((address) => {
    const family = ipFamily(address);
    return family === undefined ? [] : [{ address, family }];
  });
}
