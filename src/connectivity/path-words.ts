// SPDX-License-Identifier: Apache-2.0
import type { CheckFailure } from '../model/check.js';
import { bits, families, pathOf, type Path } from './pair-probes.js';
import type { Place, Placed } from './place.js';
import type { Protocol } from './symptoms.js';
import { listed } from './words.js';

const protocolNames: Readonly<Record<Protocol, string>> = {
  icmp: 'ICMP echo',
  tcp: 'TCP',
  udp: 'UDP',
  http: 'HTTP',
};
const pathNames: Readonly<Record<Path, string>> = {
  'pod-pod': 'from pod to pod',
  'pod-host': 'from pod to node',
  'host-pod': 'from node to pod',
  'host-host': 'from node to node',
};
const failureVerbs: Partial<Record<CheckFailure, string>> = {
  timeout: 'is not answered',
  refused: 'is refused',
  unreachable: 'is unreachable',
  reset: 'is reset',
};

/** `between node1 and node2`, `from node1 to node2`, ... */
export function placeWords(place: Place): string {
  switch (place.scope) {
    case 'cluster':
      return `between all nodes${place.alsoInside ? ' and inside of them' : ''}`;
    case 'node':
      return `between ${place.node} and ${others(place.peers)}${itself(place)}`;
    case 'from':
      return `from ${place.node} to ${others(place.peers)}${itself(place)}`;
    case 'to':
      return `from ${others(place.peers)} to ${place.node}${itself(place)}`;
    case 'parts':
      return `between ${partsWords(place.parts)}`;
    case 'pair':
      return `between ${place.nodes[0]} and ${place.nodes[1]}`;
    case 'oneWay':
      return `from ${place.nodes[0]} to ${place.nodes[1]}`;
    case 'inside':
      return `inside of ${place.node}`;
  }
}

function others(peers: readonly string[]): string {
  return peers.length === 1 ? listed(peers) : 'other nodes';
}

function itself({ node, alsoInside }: { node: string; alsoInside: boolean }): string {
  return alsoInside ? ` and on ${node} itself` : '';
}

/** The names of each part; of many parts each in brackets. */
export function partsWords(parts: readonly string[][]): string {
  if (parts.every(({ length }) => length === 1)) return listed(parts.flat());
  return listed(parts.map((part) => `{${listed(part)}}`));
}

/** ` over IPv6`, where only that is concerned. */
export function familyWords({ symptom }: Placed): string {
  return symptom.family === undefined ? '' : ` over ${symptom.family}`;
}

/** `TCP and UDP to port 27090 from node1 to node2 is not answered (to pods); ICMP echo works`. */
export function protocolWords(placed: Placed): string {
  const { symptom, place, found } = placed;
  const probes = found.flatMap(({ failed }) => failed);
  const ports = [...new Set(probes.filter(({ probe }) => probe !== 'icmp').map(({ outcome }) => outcome.port))];
  const port = ports.length === 1 && ports[0] !== undefined ? ` to port ${ports[0]}` : '';
  const names = symptom.protocols.map((protocol) => protocolNames[protocol]);
  const failures = new Set(probes.map(({ failure }) => failure));
  const [failure] = failures;
  const verb = (failures.size === 1 && failure !== undefined ? failureVerbs[failure] : undefined) ?? 'fails';
  const works = (['icmp', 'tcp', 'udp'] as const).filter((protocol) =>
    found.every(({ pair }) =>
      families.some((family) => {
        const mask = bits(symptom.paths, [protocol]);
        return (
          (symptom.family ?? family) === family && (pair.good[family] & mask) !== 0 && (pair.bad[family] & mask) === 0
        );
      }),
    ),
  );
  const working = listed(works.map((protocol) => protocolNames[protocol]));
  return (
    `${names.join(' and ')}${port} ${placeWords(place)} ${verb}${endsWords(symptom.paths)}${familyWords(placed)}` +
    (working === '' ? '' : `; ${working} ${works.length === 1 ? 'works' : 'work'}`)
  );
}

/** Where not all ways from network to network are concerned, which. */
export function endsWords(paths: readonly Path[]): string {
  const key = paths.join();
  const known: Readonly<Record<string, string>> = {
    'pod-pod,host-pod': ' at pods',
    'pod-host,host-host': ' at nodes',
    'pod-pod,pod-host': ' for pods',
    'host-pod,host-host': ' for nodes',
    'pod-pod,pod-host,host-pod,host-host': '',
  };
  return known[key] ?? ` ${listed(paths.map((path) => pathNames[path]))}`;
}

/** `packets over 1400 bytes between node1 and node2 are lost: a path MTU black hole`. */
export function largeWords(placed: Placed): string {
  const { place, found } = placed;
  const probes = found.flatMap(({ failed }) => failed);
  const echoes = probes.filter(({ probe }) => probe === 'mtu');
  const bytes = echoes.flatMap(({ outcome }) => outcome.mtuBytes ?? []);
  const smallest = bytes.length === 0 ? undefined : Math.min(...bytes);
  const arrived = Math.max(0, ...found.map(({ pair }) => pair.largestBytes));
  const isKnown = smallest !== undefined && arrived > 0 && arrived < smallest;
  const size = isKnown
    ? `packets over ${arrived} bytes`
    : smallest === undefined
      ? 'large requests'
      : `packets of ${smallest} bytes`;
  const where = `${largePlace(place, found)}${largeNetwork(found)}${familyWords(placed)}`;
  if (echoes.length === probes.length && echoes.every(({ failure }) => failure === 'tooBig')) {
    return `${size} ${where} are too big for the path, which says so: an MTU is smaller than those of the interfaces`;
  }
  return `${size} ${where} are lost, small ones arrive: a path MTU black hole`;
}

/** Echoes are as large on their way back, requests are not: they tell the direction. */
function largePlace(place: Place, found: Placed['found']): string {
  if (place.scope !== 'pair') return placeWords(place);
  const directed = found.filter(({ failed }) => failed.some(({ probe }) => probe === 'large'));
  const [only] = directed;
  const isDirected = directed.length === 1 && found.length === 2 && only !== undefined;
  return isDirected ? `from ${only.pair.source} to ${only.pair.destination}` : placeWords(place);
}

function largeNetwork(found: Placed['found']): string {
  const concerned = new Set(found.flatMap(({ failed }) => failed.map(pathOf)));
  const works = (path: Path) =>
    found.some(({ pair }) => families.some((family) => (pair.good[family] & bits([path], ['large', 'mtu'])) !== 0));
  if (!concerned.has('host-host') && works('host-host')) return ' in the pod network';
  return !concerned.has('pod-pod') && works('pod-pod') ? " in the nodes' own network" : '';
}
