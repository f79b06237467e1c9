// SPDX-License-Identifier: Apache-2.0
import type { Chance, Effects, Loss, ScopeWords } from '../model/shaping.js';
import { formatPercent, formatRate, formatTime } from './units.js';

/** For people, with netem's words: `delay 100ms jitter 10ms, loss 1%`. */
export function describeEffects(effects: Effects): string {
  const { delay, loss, duplicate, corrupt, reorder, rateBitsPerSecond, limitPackets, slot, partition } = effects;
  return [
    partition === undefined ? undefined : 'partition',
    delay === undefined ? undefined : describeDelay(delay),
    loss === undefined ? undefined : describeLoss(loss),
    describeChance('duplicate', duplicate),
    describeChance('corrupt', corrupt),
    reorder === undefined
      ? undefined
      : `${describeChance('reorder', reorder) ?? ''}${reorder.gap === undefined ? '' : ` gap ${reorder.gap}`}`,
    rateBitsPerSecond === undefined ? undefined : `rate ${formatRate(rateBitsPerSecond)}`,
    slot === undefined ? undefined : describeSlot(slot),
    limitPackets === undefined ? undefined : `limit ${limitPackets} packets`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function describeDelay({ us, jitterUs, correlationPercent, distribution }: NonNullable<Effects['delay']>): string {
  return [
    `delay ${formatTime(us)}`,
    ...(jitterUs === undefined ? [] : [`jitter ${formatTime(jitterUs)}`]),
    ...(correlationPercent === undefined ? [] : [`correlation ${formatPercent(correlationPercent)}`]),
    ...(distribution === undefined ? [] : [`distribution ${distribution}`]),
  ].join(' ');
}

function describeLoss(loss: Loss): string | undefined {
  if (loss.model === 'random') return describeChance('loss', loss);
  const numbers =
    loss.model === 'gemodel'
      ? [loss.p, loss.r, loss.oneMinusH, loss.oneMinusK]
      : [loss.p13, loss.p31, loss.p32, loss.p23, loss.p14];
  return ['loss', loss.model, ...numbers.filter((number) => number !== undefined).map(formatPercent)].join(' ');
}

function describeChance(what: string, chance: Chance | undefined): string | undefined {
  if (chance === undefined) return undefined;
  const { percent, correlationPercent } = chance;
  return `${what} ${formatPercent(percent)}${correlationPercent === undefined ? '' : ` correlation ${formatPercent(correlationPercent)}`}`;
}

function describeSlot({ minUs, maxUs, packets, bytes }: NonNullable<Effects['slot']>): string {
  return [
    `slot ${formatTime(minUs)}${maxUs === undefined ? '' : `-${formatTime(maxUs)}`}`,
    ...(packets === undefined ? [] : [`packets ${packets}`]),
    ...(bytes === undefined ? [] : [`bytes ${bytes}`]),
  ].join(' ');
}

/** Which packets, for people: `all packets`, `peer svc/db, tcp, port 5432, without 10.0.0.0/8`. */
export function describeScope(scope: ScopeWords): string {
  const list = (word: string, values: readonly (string | number)[]): string[] =>
    values.length === 0 ? [] : [`${word} ${values.join(' or ')}`];
  const limits = [
    ...list('peer', scope.peers),
    ...(scope.protocol === undefined ? [] : [scope.protocol]),
    ...list('port', scope.ports),
    ...list('source port', scope.sourcePorts),
    ...list('destination port', scope.destinationPorts),
  ];
  return [...(limits.length === 0 ? ['all packets'] : limits), ...list('without', scope.exclude)].join(', ');
}
