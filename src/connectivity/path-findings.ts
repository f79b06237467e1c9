// SPDX-License-Identifier: Apache-2.0
import type { AgentNetwork, FindingKind } from '../model/check.js';
import type { Draft, Way } from './explanations.js';
import type { Hearsay } from './hearsay.js';
import { bits, families, pairKey, type PairProbes, type Path } from './pair-probes.js';
import { endsWords, familyWords, largeWords, partsWords, placeWords, protocolWords } from './path-words.js';
import type { Place, Placed } from './places.js';
import { listed } from './words.js';

/** What is known beside the probes. */
export interface PathContext {
  pairs: ReadonlyMap<string, PairProbes>;
  hearsay: Hearsay;
  /** Nodes of which no report is judged. */
  silent: ReadonlySet<string>;
  /** How many nodes there are at all. */
  nodeCount: number;
  /** What a Node says of itself that explains: `NotReady: ...`. */
  conditions: ReadonlyMap<string, string>;
  /** What a node said of its way to another is as new as what that says. */
  isAsNew: (node: string, than: string) => boolean;
}

interface Words {
  kind: FindingKind;
  nodes: string[];
  message: string;
  hint: string;
}

/** What is broken between agents, in words. */
export function pathDraft(placed: Placed, context: PathContext): Draft {
  return { severity: 'failure', ...wordsOf(placed, context), covers: (way) => covers(placed, way) };
}

function wordsOf(placed: Placed, context: PathContext): Words {
  const { symptom, place } = placed;
  const nodes = placeNodes(place);
  switch (symptom.shape) {
    case 'all':
      return everything(placed, context);
    case 'podNetwork':
      return network(placed, context, 'pod');
    case 'hostNetwork':
      return network(placed, context, 'host');
    case 'paths': {
      const message = `nothing arrives${endsWords(symptom.paths)} ${placeWords(place)}${familyWords(placed)}; other ways work`;
      return {
        kind: 'pair',
        nodes,
        message,
        hint: 'look for a NetworkPolicy or a firewall rule, and at reverse path filtering',
      };
    }
    case 'large':
      return {
        kind: 'largePackets',
        nodes,
        message: largeWords(placed),
        hint: 'compare the MTU of the interfaces on the way, and let ICMP "fragmentation needed" and "packet too big" pass',
      };
    case 'protocols':
      return {
        kind: 'port',
        nodes,
        message: protocolWords(placed),
        hint: 'look for a NetworkPolicy or a firewall rule about this protocol and port',
      };
  }
}

function placeNodes(place: Place): string[] {
  switch (place.scope) {
    case 'cluster':
      return place.nodes;
    case 'parts':
      return place.parts.flat();
    case 'pair':
    case 'oneWay':
      return [...place.nodes];
    default:
      return [place.node];
  }
}

const nodeHint = (node: string) => `look at the interfaces, routes and firewall of ${node}`;
const betweenHint = (nodes: readonly string[]) =>
  `look at the routes and firewalls of ${listed(nodes)}, and at what lies between them`;

function everything(placed: Placed, context: PathContext): Words {
  const { place } = placed;
  const over = familyWords(placed);
  switch (place.scope) {
    case 'cluster':
      return {
        kind: 'crossNode',
        nodes: place.nodes,
        message: place.alsoInside
          ? `no agent reaches another${over}, not even on its own node`
          : `no node reaches another${over}; inside of nodes it works`,
        hint: "look at the network plugin's pods and logs, and at what lies between the nodes",
      };
    case 'node':
      return isolated(placed, place, context);
    case 'from':
    case 'to': {
      const { node, isOtherWaySeen } = place;
      const [one, other] =
        place.scope === 'from'
          ? [`${node} reaches no other node`, 'others reach it']
          : [`no other node reaches ${node}`, 'it reaches others'];
      const message = `${one}${over}${isOtherWaySeen ? `, though ${other}` : ''}`;
      return { kind: 'direction', nodes: [node], message, hint: nodeHint(node) };
    }
    case 'parts': {
      const message = `${partsWords(place.parts)} do not reach each other${over}`;
      return {
        kind: 'pair',
        nodes: place.parts.flat(),
        message,
        hint: 'look at what lies between these parts of the cluster',
      };
    }
    case 'pair':
    case 'oneWay':
      return betweenTwo(placed, place, context);
    case 'inside':
      return {
        kind: 'pair',
        nodes: [place.node],
        message: `agents on ${place.node} do not reach each other${over}`,
        hint: nodeHint(place.node),
      };
  }
}

function isolated(placed: Placed, place: Place & { node: string; peers: string[] }, context: PathContext): Words {
  const { node, peers } = place;
  const over = familyWords(placed);
  const ways = peers.map((peer) => lostDirection(node, peer, context, undefined, placed));
  const [first = ''] = peers;
  if (peers.length === 1 && ways[0] !== undefined) return directed(ways[0], context, over);
  const sending = ways.every((way) => way?.[0] === node);
  const getting = ways.every((way) => way?.[1] === node);
  const condition = context.conditions.get(node);
  const because = condition === undefined ? '' : ` (${condition})`;
  let message = `${node} reaches no other node${over} and none reaches it${because}`;
  if (sending) message = `packets from ${node} to all other nodes are lost${over}, those to it arrive${because}`;
  else if (getting) message = `packets from all other nodes to ${node} are lost${over}, those from it arrive${because}`;
  else if (context.silent.has(node)) {
    const who = peers.length === 1 ? `${first} does not reach ${node}` : `no other node reaches ${node}`;
    message = `${who}${over}, and ${node} does not report${because}`;
  }
  return { kind: 'nodeIsolated', nodes: [node], message, hint: nodeHint(node) };
}

/** Source and destination of the packets that are lost between two nodes, where what their servers heard tells it. */
function lostDirection(
  one: string,
  other: string,
  { hearsay }: PathContext,
  network: AgentNetwork | undefined,
  { symptom }: Placed,
): [string, string] | undefined {
  const oneHears = hearsay.hears(one, other, network, symptom.family);
  const otherHears = hearsay.hears(other, one, network, symptom.family);
  if (oneHears === true && otherHears !== true) return [one, other];
  return otherHears === true && oneHears !== true ? [other, one] : undefined;
}

function directed([from, to]: [string, string], context: PathContext, over: string): Words {
  const proof =
    context.hearsay.hears(to, from) === undefined
      ? `${from} hears ${to} and gets no answer`
      : `${to} hears nothing of ${from}, ${from} hears ${to}`;
  return {
    kind: 'direction',
    nodes: [from, to],
    message: `packets from ${from} to ${to} are lost${over} (${proof})`,
    hint: `look at what ${from} sends and ${to} filters: routes, firewall, reverse path filtering`,
  };
}

function betweenTwo(placed: Placed, place: Extract<Place, { scope: 'pair' | 'oneWay' }>, context: PathContext): Words {
  const [one, other] = place.nodes;
  const nodes = [one, other];
  const over = familyWords(placed);
  const lost = lostDirection(one, other, context, undefined, placed);
  if (lost !== undefined) return directed(lost, context, over);
  const hint = betweenHint(nodes);
  if (place.scope === 'oneWay') {
    const isDirection = place.isOtherWaySeen && worksBack(place.nodes, context) && context.isAsNew(other, one);
    const message = `${one} does not reach ${other}${over}${isDirection ? `, while ${other} reaches ${one}` : ''}`;
    return { kind: isDirection ? 'direction' : 'pair', nodes, message, hint };
  }
  const kind = context.nodeCount === 2 ? 'crossNode' : 'pair';
  return { kind, nodes, message: `${one} and ${other} cannot reach each other${over}`, hint };
}

/** Whether nothing fails on the way back, rather than something else. */
function worksBack([one, other]: readonly [string, string], { pairs }: PathContext): boolean {
  const back = pairs.get(pairKey(other, one));
  return back !== undefined && families.every((family) => back.bad[family] === 0);
}

function network(placed: Placed, context: PathContext, which: AgentNetwork): Words {
  const { place, found } = placed;
  const over = familyWords(placed);
  const kind = which === 'pod' ? 'podNetwork' : 'hostNetwork';
  const other: Path = which === 'pod' ? 'host-host' : 'pod-pod';
  const isOtherWell = found.every(({ pair }) => works(pair, other));
  const own = which === 'pod' ? 'the pod network' : "the nodes' own network";
  const rest = which === 'pod' ? "the nodes' own network works" : 'the pod network works';
  const tail = isOtherWell ? `; ${rest}` : '';
  const nodes = placeNodes(place);
  const hint =
    which === 'pod'
      ? `look at the network plugin on ${listed(nodes)}: its pods, routes, and the port of its tunnel`
      : `look at the firewall and routes of ${listed(nodes)}`;
  if (place.scope === 'pair' || place.scope === 'oneWay') {
    const lost = lostDirection(place.nodes[0], place.nodes[1], context, which, placed);
    if (lost !== undefined) {
      const [from, to] = lost;
      const what = which === 'pod' ? 'packets between pods' : "packets of the nodes' own network";
      return {
        kind,
        nodes: [from, to],
        message: `${what} from ${from} to ${to} are lost${over} (${from} hears ${to} and gets no answer)${tail}`,
        hint,
      };
    }
  }
  return { kind, nodes, message: `${own} does not work ${placeWords(place)}${over}${tail}`, hint };
}

function works({ good, bad }: PairProbes, path: Path): boolean {
  const mask = bits([path]);
  return families.some((family) => (good[family] & mask) !== 0 && (bad[family] & mask) === 0);
}

/** Whether what is broken here breaks other probes on that way too. */
function covers({ symptom, place }: Placed, way: Way): boolean {
  if (symptom.family !== undefined && way.family !== undefined && way.family !== symptom.family) return false;
  if (!isOnWay(place, way)) return false;
  const isOnPath = symptom.paths.some((path) => path === way.path);
  switch (symptom.shape) {
    case 'all':
      return true;
    case 'large':
      return false;
    case 'protocols':
      return isOnPath && symptom.protocols.some((protocol) => protocol === way.protocol);
    default:
      return isOnPath;
  }
}

function isOnWay(place: Place, { source, destination }: Way): boolean {
  const isInside = source === destination;
  switch (place.scope) {
    case 'cluster':
      return !isInside || place.alsoInside;
    case 'node':
      return isInside ? place.alsoInside && source === place.node : source === place.node || destination === place.node;
    case 'from':
      return source === place.node && (!isInside || place.alsoInside);
    case 'to':
      return destination === place.node && (!isInside || place.alsoInside);
    case 'parts': {
      const part = (node: string) => place.parts.findIndex((names) => names.includes(node));
      return part(source) >= 0 && part(destination) >= 0 && part(source) !== part(destination);
    }
    case 'pair':
      return !isInside && place.nodes.includes(source) && place.nodes.includes(destination);
    case 'oneWay':
      return place.nodes[0] === source && place.nodes[1] === destination;
    case 'inside':
      return isInside && source === place.node;
  }
}
