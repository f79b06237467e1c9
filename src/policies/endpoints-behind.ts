// SPDX-License-Identifier: Apache-2.0
import type { Service } from '../kube/objects.js';
import type { Destination } from '../targets/destination.js';
import { serviceEndpoints, type ServiceEndpoint } from '../targets/endpoints.js';
import { protocolOf } from '../targets/pod-facts.js';
import type { PolicyReader } from './policy-reader.js';

/**
 * The ready endpoints that a port of a Service stands for, at the ports that back it; none where it has no such port, where
 * they may not be read, and for packets without ports.
 */
export async function endpointsBehind(
  { metadata, spec }: Service,
  { ref, port, protocol, family }: Destination,
  reader: PolicyReader,
): Promise<ServiceEndpoint[]> {
  const declared = spec.ports?.find((each) => each.port === port && protocolOf(each.protocol) === protocol);
  if (declared === undefined || port === undefined || protocol === undefined) return [];
  const slices = (await reader.slices(metadata.namespace ?? '', metadata.name)) ?? [];
  return serviceEndpoints(slices, { name: declared.name ?? '', port, protocol, declared: true, ref }, [family]);
}
