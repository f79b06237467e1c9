// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { ScopeWords } from '../model/shaping.js';
import { distinctNetworks, type Cidr, type Family } from './cidr.js';

/** Which packets of a pod are meant, as addresses. */
export interface Scope {
  /** Networks (CIDR) of both families at the other end; empty means every packet. */
  peers: readonly string[];
  /** Networks that the user leaves out. */
  excluded: readonly string[];
  /** Networks that we leave out: the node's own addresses. */
  exempt: readonly string[];
  /** Either side's; the packet's source port; its destination port. Incoming packets of a rule for both directions have the last two swapped. */
  ports: readonly number[];
  sourcePorts: readonly number[];
  destinationPorts: readonly number[];
  protocol?: 'tcp' | 'udp' | 'icmp';
}

/** Packets of one kind, as one filter of u32 or nft tells them. */
export interface Selector {
  family: Family;
  /** The other end: of what leaves the destination, of what comes in the source. */
  peer?: Cidr;
  protocol?: 'tcp' | 'udp' | 'icmp';
  sourcePort?: number;
  destinationPort?: number;
}

/** So many filters are still walked through for every packet without being felt. */
const maxSelectors = 4000;

/** Whether only some packets are meant. What is left out does not count: the rest is everything. */
export function isLimited(scope: Omit<Scope, 'excluded' | 'exempt'> & Partial<Scope>): boolean {
  return scope.peers.length > 0 || hasPorts(scope) || scope.protocol !== undefined;
}

const hasPorts = (scope: Pick<Scope, 'ports' | 'sourcePorts' | 'destinationPorts'>): boolean =>
  scope.ports.length > 0 || scope.sourcePorts.length > 0 || scope.destinationPorts.length > 0;

/** Failure `usage` for a scope that no packet can be in. */
export function refuseEmptyScope(
  scope: Pick<ScopeWords, 'ports' | 'sourcePorts' | 'destinationPorts' | 'protocol'>,
): void {
  if (scope.protocol === 'icmp' && hasPorts(scope)) {
    throw new Failure('usage', 'ICMP has no ports', { hint: 'leave the ports out, or say --protocol tcp or udp' });
  }
  if (portPairs(scope).length === 0) {
    throw new Failure('usage', 'no packet has these ports', {
      hint: '--port is a port of either side: --source-port and --destination-port have to leave room for it',
    });
  }
}

type Pair = readonly [source: number | undefined, destination: number | undefined];

/** Sources and destinations together; `swapped` for the answers to what the ports describe. */
function portPairs(
  scope: Pick<Scope, 'ports' | 'sourcePorts' | 'destinationPorts'>,
  swapped = false,
): { sourcePort?: number; destinationPort?: number }[] {
  const sources = orAny(swapped ? scope.destinationPorts : scope.sourcePorts);
  const destinations = orAny(swapped ? scope.sourcePorts : scope.destinationPorts);
  const pairs = sources.flatMap((source) =>
    destinations.flatMap((destination): Pair[] => {
      if (scope.ports.length === 0) return [[source, destination]];
      return scope.ports.flatMap((port): Pair[] => {
        if (source === port || destination === port) return [[source, destination]];
        return [
          ...(source === undefined ? [[port, destination] satisfies Pair] : []),
          ...(destination === undefined ? [[source, port] satisfies Pair] : []),
        ];
      });
    }),
  );
  const distinct = new Map(pairs.map((pair) => [JSON.stringify(pair), pair]));
  return [...distinct.values()].map(([source, destination]) => ({
    ...(source === undefined ? {} : { sourcePort: source }),
    ...(destination === undefined ? {} : { destinationPort: destination }),
  }));
}

const orAny = <T>(values: readonly T[]): readonly (T | undefined)[] => (values.length === 0 ? [undefined] : values);

/** What is left alone, whatever else is said of it, and what is meant of the rest. `swapped`: incoming packets of a rule for both directions. */
export function selectorsOf(scope: Scope, swapped: boolean): { exempt: Selector[]; meant: Selector[] } {
  refuseEmptyScope(scope);
  const exempt = distinctNetworks([...scope.exempt, ...scope.excluded]).map((peer) => ({ family: peer.family, peer }));
  const peers: { family: Family; peer?: Cidr }[] =
    scope.peers.length === 0
      ? [{ family: 4 }, { family: 6 }]
      : distinctNetworks(scope.peers).map((peer) => ({ family: peer.family, peer }));
  const pairs = portPairs(scope, swapped);
  const protocols: readonly (Selector['protocol'] | undefined)[] =
    scope.protocol === undefined && hasPorts(scope) ? ['tcp', 'udp'] : [scope.protocol];
  const meant = peers.flatMap((peer) =>
    protocols.flatMap((protocol) =>
      pairs.map((ports) => ({ ...peer, ...(protocol === undefined ? {} : { protocol }), ...ports })),
    ),
  );
  if (meant.length + exempt.length > maxSelectors) {
    throw new Failure('usage', `this scope takes ${meant.length + exempt.length} filters, more than ${maxSelectors}`, {
      hint: 'name networks (CIDR) instead of single peers, or fewer ports',
    });
  }
  return { exempt, meant };
}
