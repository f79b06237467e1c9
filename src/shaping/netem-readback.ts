// SPDX-License-Identifier: Apache-2.0
import type { Chance, Effects, Loss } from '../model/shaping.js';
import { limitPacketsOf, lossOf } from './netem.js';
import { fourStateNumbers, gilbertElliottNumbers } from './parse-loss.js';

/**
 * What netem's options in `tc -j` have to be, as paths and numbers: seconds, fractions, bytes per second. The distribution is
 * missing: tc does not show it.
 */
export function netemNumbers(effects: Effects): Map<string, number> {
  const { delay, duplicate, corrupt, reorder, rateBitsPerSecond, slot } = effects;
  const loss = lossOf(effects);
  return new Map<string, number>([
    ['limit', limitPacketsOf(effects)],
    ['delay.delay', (delay?.us ?? 0) / 1e6],
    ['delay.jitter', (delay?.jitterUs ?? 0) / 1e6],
    ['delay.correlation', (delay?.correlationPercent ?? 0) / 100],
    ...lossNumbers(loss),
    ...chanceNumbers('duplicate', duplicate),
    ...chanceNumbers('corrupt', corrupt),
    ...chanceNumbers('reorder', reorder),
    // Only told apart where something is reordered: tc says 1 for what was not named.
    ['gap', reorder === undefined ? 0 : (reorder.gap ?? 1)],
    ['rate.rate', Math.floor((rateBitsPerSecond ?? 0) / 8)],
    ['slot.min-delay', (slot?.minUs ?? 0) / 1e6],
    ['slot.max-delay', (slot?.maxUs ?? slot?.minUs ?? 0) / 1e6],
    ['slot.packets', slot?.packets ?? 0],
    ['slot.bytes', slot?.bytes ?? 0],
  ]);
}

const chanceNumbers = (name: string, chance: Chance | undefined): [string, number][] => [
  [`${name}.${name}`, (chance?.percent ?? 0) / 100],
  [`${name}.correlation`, (chance?.correlationPercent ?? 0) / 100],
];

const gemodelNames = ['p', 'r', '1-h', '1-k'];
const stateNames = ['p13', 'p31', 'p32', 'p23', 'p14'];

function lossNumbers(loss: Loss | undefined): [string, number][] {
  const random = loss?.model === 'random' ? loss : undefined;
  const named = (model: string, names: readonly string[], numbers: readonly number[]): [string, number][] =>
    names.map((name, index) => [`loss-${model}.${name}`, (numbers[index] ?? 0) / 100]);
  return [
    ['loss-random.loss', (random?.percent ?? 0) / 100],
    ['loss-random.correlation', (random?.correlationPercent ?? 0) / 100],
    ...named('gemodel', gemodelNames, loss?.model === 'gemodel' ? gilbertElliottNumbers(loss) : []),
    ...named('state', stateNames, loss?.model === 'state' ? fourStateNumbers(loss) : []),
  ];
}

/** tc(8) shows six digits, chances in steps of 2^-32, times cut to whole µs after it has kept them in steps of 64 ns. */
export const isClose = (shown: number, asked: number, step = 1e-9): boolean =>
  Math.abs(shown - asked) <= Math.max(Math.abs(asked) * 2e-5, step);

/** The step of each kind of number. */
export const stepOf = (path: string): number =>
  path.startsWith('delay.') && path !== 'delay.correlation' ? 1.1e-6 : 1e-9;

/** The options of a qdisc by path, such as `delay.jitter`; those that are no numbers are left out. */
export function numbersOf(options: Readonly<Record<string, unknown>>, prefix = ''): Map<string, number> {
  return new Map(
    Object.entries(options).flatMap(([name, value]): [string, number][] => {
      if (typeof value === 'number') return [[prefix + name, value]];
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
      return [...numbersOf(value as Record<string, unknown>, `${prefix}${name}.`)];
    }),
  );
}
