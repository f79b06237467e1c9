// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Service } from '../kube/objects.js';
import { protocolsOf, refOfPort, type DestinationScope, type PortRequest } from './destination.js';
import { protocolOf } from './pod-facts.js';
import { quote } from './quote.js';
import type { PortRef, Protocol } from './refs.js';

/** One port of a Service, or one that a headless Service does not declare and that its pods are dialled at. */
export interface ServicePort {
  /** What the Service calls it; empty for an unnamed port, as in EndpointSlices. */
  name: string;
  port: number;
  protocol: Protocol;
  declared: boolean;
  /** The word, or the part of its list of ports that names this one. */
  ref: string;
}

type DeclaredPort = Pick<ServicePort, 'name' | 'port'> & { protocol: Protocol | 'sctp' };

/**
 * The ports of a Service that a word asks for: those it names, else every port of its protocols. A headless or external
 * Service is dialled at a number it does not declare, because nothing stands between that and its pods. Throws Failure
 * `usage` that says which ports there are.
 */
export function servicePorts(request: PortRequest, service: Service, scope: DestinationScope): ServicePort[] {
  const declared = declaredPorts(service);
  const protocols = protocolsOf(request, scope);
  const usable = declared.flatMap((port) =>
    port.protocol !== 'sctp' && protocols.includes(port.protocol)
      ? [{ ...port, protocol: port.protocol, declared: true, ref: request.text }]
      : [],
  );
  if (request.ports.length === 0) {
    if (usable.length === 0) throw noSuchPort(request, service, declared, protocols);
    return usable;
  }
  const translates = service.spec.type !== 'ExternalName' && service.spec.clusterIP !== 'None';
  return request.ports.flatMap((wanted) => {
    const found = usable.filter(({ name, port }) => wanted === (typeof wanted === 'number' ? port : name));
    const ref = refOfPort(request, wanted);
    if (found.length > 0) return found.map((port) => ({ ...port, ref }));
    if (translates || typeof wanted === 'string') throw noSuchPort(request, service, declared, protocols, wanted);
    return protocols.map((protocol) => ({ name: '', port: wanted, protocol, declared: false, ref }));
  });
}

function declaredPorts(service: Service): DeclaredPort[] {
  return (service.spec.ports ?? []).map(({ name = '', port, protocol }) => ({
    name,
    port,
    protocol: protocolOf(protocol),
  }));
}

function noSuchPort(
  request: PortRequest,
  service: Service,
  declared: readonly DeclaredPort[],
  protocols: readonly Protocol[],
  wanted?: PortRef,
): Failure {
  const { namespace = '', name } = service.metadata;
  const protocol = protocols.map((word) => word.toUpperCase()).join(' or ');
  const which = wanted === undefined ? '' : typeof wanted === 'number' ? ` ${wanted}` : ` named ${wanted}`;
  const has = declared.map((port) => `${port.port}/${port.protocol}${port.name === '' ? '' : ` (${port.name})`}`);
  const other = declared.find(
    (port) =>
      !protocols.includes(port.protocol as Protocol) &&
      (wanted === undefined || wanted === port.port || wanted === port.name),
  );
  const hint = has.length === 0 ? 'it has no ports: give a number' : `it has ${has.join(', ')}`;
  const flag = other === undefined || other.protocol === 'sctp' ? '' : `; use --protocol ${other.protocol}`;
  return new Failure('usage', `${quote(request.text)}: service ${namespace}/${name} has no ${protocol} port${which}`, {
    hint: hint + flag,
  });
}
