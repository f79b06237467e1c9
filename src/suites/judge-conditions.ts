// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../model/report.js';
import type { Comparison, Condition, Figure } from './conditions.js';

const holds: Record<Comparison, (found: number, bound: number) => boolean> = {
  '<': (found, bound) => found < bound,
  '<=': (found, bound) => found <= bound,
  '=': (found, bound) => found === bound,
  '>=': (found, bound) => found >= bound,
  '>': (found, bound) => found > bound,
};

/** A figure of a result; undefined where the probe did not find it. */
export function figureOf(result: Result, figure: Figure): number | undefined {
  let value: unknown = result;
  for (const step of figure.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return typeof value === 'number' ? value : undefined;
}

/** What the message of a result says already. */
const figuresSaid: ReadonlySet<Figure> = new Set(['http.status']);

interface Unmet {
  text: string;
  found: number | undefined;
  isSaid: boolean;
}

function unmet(result: Result, { figure, comparison, value }: Condition): Unmet[] {
  const found = figureOf(result, figure);
  if (found !== undefined && holds[comparison](found, value)) return [];
  if (found !== undefined && figuresSaid.has(figure)) {
    return [{ text: `expected ${figure} ${comparison} ${value}`, found, isSaid: true }];
  }
  return [{ text: `${figure} is ${found ?? 'not known'}, expected ${comparison} ${value}`, found, isSaid: false }];
}

/**
 * A result under the conditions of its test. Only what was reached can fail them; a figure that is not known leaves the
 * question open.
 */
export function judgeConditions(result: Result, conditions: readonly Condition[]): Result {
  if (result.verdict !== 'pass' || result.expect === 'deny') return result;
  const failed = conditions.flatMap((condition) => unmet(result, condition));
  if (failed.length === 0) return result;
  const texts = (isSaid: boolean) => failed.filter((each) => each.isSaid === isSaid).map(({ text }) => text);
  const others = texts(false).join(', ');
  return {
    ...result,
    verdict: failed.some(({ found }) => found !== undefined) ? 'fail' : 'inconclusive',
    reason: 'ExpectationNotMet',
    message: [result.message, ...texts(true), ...(others === '' ? [] : [`but ${others}`])].join(', '),
  };
}
