// SPDX-License-Identifier: Apache-2.0
import type { Draft } from './explanations.js';
import { directed, lostDirection } from './lost-direction.js';
import { networkWords } from './network-words.js';
import { families, pairKey } from './pair-probes.js';
import type { PathContext, Words } from './path-context.js';
import { covers } from './path-covers.js';
import { endsWords, familyWords, largeWords, partsWords, placeWords, protocolWords } from './path-words.js';
import { placeNodes, type Place, type Placed } from './place.js';
import { listed } from './words.js';

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
      return networkWords(placed, context, 'pod');
    case 'hostNetwork':
      return networkWords(placed, context, 'host');
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
