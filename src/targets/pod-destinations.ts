// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import {
  numericPortFields,
  protocolsOf,
  refOfPort,
  type Destination,
  type DestinationScope,
  type PortFields,
  type PortRequest,
} from './destination.js';
import type { PodFacts } from './pod-facts.js';
import { quote } from './quote.js';
import { hasPorts } from './refs.js';

/** Destinations and facts about them that are no destinations themselves. */
export interface FoundDestinations {
  destinations: Destination[];
  notes: string[];
}

/** Every pod at every address and port. Throws Failure `usage` for a port name that none of the pods has. */
export function podDestinations(
  request: PortRequest,
  pods: readonly PodFacts[],
  scope: DestinationScope,
): FoundDestinations {
  const notes: string[] = [];
  const names = !hasPorts(scope.verb) ? [] : request.ports.filter((port) => typeof port === 'string');
  for (const name of names) {
    const without = pods.filter((pod) => namedPorts(request, pod, name, scope).length === 0);
    if (pods.length > 0 && without.length === pods.length) throw unknownPortName(request, pods, name);
    notes.push(
      ...without.map((pod) => `${request.text}: pod ${pod.name} has no port named ${name} and is left out of it`),
    );
  }
  const destinations = pods.flatMap((pod) => {
    const named = names.flatMap((name) => namedPorts(request, pod, name, scope));
    return onePod(request, pod, [...numericPortFields(request, scope), ...named], scope);
  });
  return { destinations, notes };
}

function onePod(
  { text }: PortRequest,
  pod: PodFacts,
  ports: readonly PortFields[],
  { families }: DestinationScope,
): Destination[] {
  const { namespace, name } = pod;
  const base = {
    ref: text,
    kind: 'pod' as const,
    role: 'pod' as const,
    namespace,
    name,
    ...(pod.node === undefined ? {} : { node: pod.node }),
    pod: { namespace, name },
    ...(Object.keys(pod.traits).length === 0 ? {} : { traits: pod.traits }),
  };
  const found = families.flatMap((family) => {
    const address = pod.addresses[family];
    return address === undefined ? [] : ports.map((port) => ({ ...base, address, family, ...port }));
  });
  if (found.length > 0) return found;
  const family = families[0] ?? 4;
  const state =
    pod.phase === 'Running' ? `has no IPv${families.join(' or IPv')} address` : `is ${pod.phase} and has no address`;
  const emptyMessage = `pod ${namespace}/${name} ${state}`;
  return ports.map((port) => ({ ...base, family, ...port, emptyReason: 'NoAddress' as const, emptyMessage }));
}

function namedPorts(request: PortRequest, pod: PodFacts, name: string, scope: DestinationScope): PortFields[] {
  return protocolsOf(request, scope).flatMap((protocol) =>
    pod.ports
      .filter((port) => port.name === name && port.protocol === protocol)
      .map(({ port }) => ({ ref: refOfPort(request, name), port, portName: name, protocol })),
  );
}

function unknownPortName({ text }: PortRequest, pods: readonly PodFacts[], name: string): Failure {
  const named = pods.flatMap(({ ports }) =>
    ports.flatMap((port) => (port.name === undefined ? [] : [`${port.name} (${port.port}/${port.protocol})`])),
  );
  const known = [...new Set(named)].join(', ');
  return new Failure('usage', `${quote(text)}: no container has a port named ${name} of that protocol`, {
    hint: known === '' ? 'its containers name no ports: give a number' : `it has ${known}`,
  });
}
