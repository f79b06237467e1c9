// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Node } from '../kube/objects.js';
import { numericPortFields, type Destination, type DestinationScope, type PortRequest } from './destination.js';
import { ipFamily, type IpFamily } from './names.js';
import { quote } from './quote.js';
import { hasPorts } from './refs.js';

/** An IP literal. Throws Failure `usage` where its family was not asked for. */
export function literalDestinations(
  request: PortRequest,
  { address, family }: { address: string; family: IpFamily },
  scope: DestinationScope,
): Destination[] {
  if (!scope.families.includes(family)) {
    throw new Failure('usage', `${quote(request.text)} is an IPv${family} address, which --ip-families leaves out`);
  }
  return numericPortFields(request, scope).map((port) => ({
    ref: request.text,
    kind: 'ip',
    role: 'literal',
    address,
    family,
    ...port,
  }));
}

/** A host name, once for each wanted family; whoever resolves it decides what a family without an address means. */
export function hostDestinations(
  request: PortRequest,
  host: string,
  scope: DestinationScope,
  service: { namespace?: string } = {},
): Destination[] {
  if (hasPorts(scope.verb) && request.ports.some((port) => typeof port === 'string')) {
    throw new Failure('usage', `${quote(request.text)}: ${host} is a host, and hosts have no port names`, {
      hint: 'give the number of the port',
    });
  }
  return scope.families.flatMap((family) =>
    numericPortFields(request, scope).map((port) => ({
      ref: request.text,
      kind: 'host' as const,
      role: 'host' as const,
      ...service,
      name: host,
      host,
      family,
      ...port,
    })),
  );
}

/** The InternalIP addresses of a node. */
export function nodeDestinations(request: PortRequest, node: Node, scope: DestinationScope): Destination[] {
  const { name } = node.metadata;
  const base = { ref: request.text, kind: 'node' as const, role: 'node' as const, name, node: name };
  const ports = numericPortFields(request, scope);
  const found: Destination[] = [];
  for (const { type, address } of node.status?.addresses ?? []) {
    const family = ipFamily(address);
    if (type !== 'InternalIP' || family === undefined || !scope.families.includes(family)) continue;
    found.push(...ports.map((port) => ({ ...base, address, family, ...port })));
  }
  if (found.length > 0) return found;
  const emptyMessage = `node ${name} has no InternalIP address of IPv${scope.families.join(' or IPv')}`;
  const family = scope.families[0] ?? 4;
  return ports.map((port) => ({ ...base, family, ...port, emptyReason: 'NoAddress', emptyMessage }));
}
