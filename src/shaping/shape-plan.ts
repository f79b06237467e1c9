// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Direction, Effects } from '../model/shaping.js';
import { addFilterLines, filtersOf, redirectedFilterLines } from './filter-lines.js';
import { chooseMeans, namesOf, type Means } from './means.js';
import { netemWords } from './netem.js';
import { effectRules, newSideLines, newTableLine, selectingRules, sideRuleLines } from './nft-script.js';
import { ifbName, leafHandle, rootHandle, shapedClass, sidesOf } from './places.js';
import type { PodInspection, PodNetwork, ShapePlan } from './pod-network.js';
import type { Scope } from './scope.js';
import { tbfWords } from './tbf.js';

/** What is done to which packets of a pod. */
export interface Rule {
  effects: Effects;
  direction: Direction;
  scope: Scope;
}

/** Everything to be made in the pod's network; Failure `unsupported` (KernelLacksSupport) or `usage`. */
export function planShape(rule: Rule, device: string, inspection: PodInspection): ShapePlan {
  refuseInterface(device, inspection);
  const means = chooseMeans(rule.effects, rule.direction, inspection);
  const queued = means.leaf === undefined ? [] : sidesOf(rule.direction);
  const incoming = queued.includes('ingress');
  const redirected = incoming && !means.nft;
  const hooked = inspection.qdiscs.some(({ dev, kind }) => dev === device && (kind === 'clsact' || kind === 'ingress'));
  return {
    interface: device,
    by: namesOf(means),
    root: rootLine(device),
    links: incoming ? [`link add ${ifbName} type ifb`, `link set ${ifbName} up`] : [],
    tc: [
      ...(queued.includes('egress') ? leafLines(device, means, rule.effects) : []),
      ...(incoming ? [rootLine(ifbName), ...leafLines(ifbName, means, rule.effects), ...redirectedFilterLines()] : []),
      ...(redirected && !hooked ? [`qdisc add dev ${device} clsact`] : []),
      ...queued
        // What is handed over by nft needs no filter.
        .filter((side) => side === 'egress' || redirected)
        .flatMap((side) => addFilterLines(filtersOf(rule.scope, side, isSwapped(rule, side)), device, side, 0)),
    ],
    nft: means.nft ? nftScript(rule, device, means) : '',
  };
}

/** With a rule for both directions, what comes in answers to what the ports describe. */
export const isSwapped = ({ direction }: Rule, side: 'egress' | 'ingress'): boolean =>
  direction === 'both' && side === 'ingress';

function refuseInterface(device: string, { interfaces }: PodNetwork): void {
  const names = interfaces.map(({ name }) => name);
  // Names may have anything but a slash or a space in them; nft's quotes cannot be quoted.
  if (names.includes(device) && device !== ifbName && /^[\w.@+=-]+$/.test(device)) return;
  throw new Failure('usage', `there is no interface "${device}" to shape`, {
    hint: `there are ${names.filter((name) => name !== ifbName).join(', ')}`,
  });
}

/** Fails where anything but the kernel's own is there: `replace` would not. */
const rootLine = (device: string): string => `qdisc add dev ${device} root handle ${rootHandle} htb`;

/** A class that is never the narrowest place, and what works below it. Without a default class the rest goes straight through. */
function leafLines(device: string, means: Means, effects: Effects): string[] {
  return [
    `class add dev ${device} parent ${rootHandle} classid ${shapedClass} htb rate 32gbit burst 10mb cburst 10mb quantum 60000`,
    `qdisc add dev ${device} parent ${shapedClass} handle ${leafHandle} ${leafWords(means, effects)}`,
  ];
}

function leafWords({ leaf }: Means, effects: Effects): string {
  return leaf === 'netem' ? `netem ${netemWords(effects)}` : `tbf ${tbfWords(effects.rateBitsPerSecond ?? 0)}`;
}

function nftScript(rule: Rule, device: string, means: Means): string {
  return [
    newTableLine,
    ...sidesOf(rule.direction).flatMap((side) => [...newSideLines(device, side), ...nftRuleLines(rule, means, side)]),
    '',
  ].join('\n');
}

/** Fills one side's chains. */
export function nftRuleLines(rule: Rule, means: Means, side: 'egress' | 'ingress'): string[] {
  return sideRuleLines(
    selectingRules(rule.scope, side, isSwapped(rule, side)),
    effectRules(rule.effects, means, side),
    side,
  );
}

/** The plan as whole command lines, for people to read or copy. */
export function planLines({ root, links, tc, nft }: ShapePlan): string[] {
  return [
    `tc ${root}`,
    ...links.map((line) => `ip ${line}`),
    ...tc.map((line) => `tc ${line}`),
    ...nft
      .split('\n')
      .filter((line) => line !== '')
      // The shell would read nft's braces and quotes.
      .map((line) => (/[{"<;]/.test(line) ? `nft '${line}'` : `nft ${line}`)),
  ];
}
