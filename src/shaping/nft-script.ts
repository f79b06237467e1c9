// SPDX-License-Identifier: Apache-2.0
import type { Effects } from '../model/shaping.js';
import { formatCidr } from './cidr.js';
import type { Means } from './means.js';
import { ifbName, nftTable, type Side } from './places.js';
import { selectorsOf, type Scope, type Selector } from './scope.js';

const table = `netdev ${nftTable}`;

/** Chances are kept in millionths. */
const wholeChance = 1_000_000;

export const matchedCounter = (side: Side): string => `matched_${side}`;
export const droppedCounter = (side: Side): string => `dropped_${side}`;
/** The chain for the packets that are meant; the one before it has the name of its side. */
export const effectChain = (side: Side): string => `${side}_effect`;

/** What a rule of ours says of a packet, the kind of network included where nothing else tells it. */
function selectorWords({ family, peer, protocol, sourcePort, destinationPort }: Selector, side: Side): string {
  const words: string[] = [];
  if (peer !== undefined && peer.length > 0) {
    words.push(`${family === 4 ? 'ip' : 'ip6'} ${side === 'egress' ? 'daddr' : 'saddr'} ${formatCidr(peer)}`);
  } else {
    words.push(`meta protocol ${family === 4 ? 'ip' : 'ip6'}`);
  }
  if (sourcePort !== undefined) words.push(`${protocol ?? 'th'} sport ${sourcePort}`);
  if (destinationPort !== undefined) words.push(`${protocol ?? 'th'} dport ${destinationPort}`);
  if (protocol !== undefined && sourcePort === undefined && destinationPort === undefined) {
    words.push(`meta l4proto ${protocol === 'icmp' && family === 6 ? 'ipv6-icmp' : protocol}`);
  }
  return words.join(' ');
}

/** The rules of the chain that selects. */
export function selectingRules(scope: Scope, side: Side, swapped: boolean): string[] {
  const { exempt, meant } = selectorsOf(scope, swapped);
  return [
    'icmpv6 type 133-137 accept',
    ...exempt.map((selector) => `${selectorWords(selector, side)} accept`),
    ...meant.map((selector) => `${selectorWords(selector, side)} goto ${effectChain(side)}`),
  ];
}

/** The rules for the packets that are meant; a queue of ours for incoming packets gets them from here. */
export function effectRules({ loss, partition }: Effects, means: Means, side: Side): string[] {
  const drop = `counter name "${droppedCounter(side)}" drop`;
  const chance = loss?.model === 'random' ? Math.max(1, Math.round((loss.percent / 100) * wholeChance)) : 0;
  return [
    `counter name "${matchedCounter(side)}"`,
    ...(partition === true || chance >= wholeChance
      ? [drop]
      : [`numgen random mod ${wholeChance} < ${chance} ${drop}`]),
    ...(means.leaf !== undefined && side === 'ingress' ? [`fwd to "${ifbName}"`] : []),
  ];
}

const rulesOf = (chain: string, rules: readonly string[]): string[] =>
  rules.map((rule) => `add rule ${table} ${chain} ${rule}`);

/** Makes the chains and counters of one side. They see packets before our queue does. */
export function newSideLines(device: string, side: Side): string[] {
  return [
    `add counter ${table} ${matchedCounter(side)}`,
    `add counter ${table} ${droppedCounter(side)}`,
    `add chain ${table} ${effectChain(side)}`,
    `add chain ${table} ${side} { type filter hook ${side} device "${device}" priority 0; policy accept; }`,
  ];
}

/** Fills both chains of a side, which nft does in one step: what they had before is gone, the counters stay. */
export function sideRuleLines(selecting: readonly string[], effect: readonly string[], side: Side): string[] {
  return [
    `flush chain ${table} ${side}`,
    `flush chain ${table} ${effectChain(side)}`,
    ...rulesOf(effectChain(side), effect),
    ...rulesOf(side, selecting),
  ];
}

/** `create` fails where the table is there. */
export const newTableLine = `create table ${table}`;
