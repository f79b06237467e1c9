// SPDX-License-Identifier: Apache-2.0
import { median } from './comparison.js';

export type Unit = 'ms' | 'MB' | 'KiB' | 'requests' | '%' | '/s';

/** What a row may be at most: a multiple of the reference, the reference and something more, or a value of its own. */
export type Budget = { timesReference: number } | { overReference: number } | { atMost: number };

/** One measured thing. `ours` and `reference` are medians; `ratio` is the median of the ratios of each round. */
export interface Row {
  name: string;
  unit: Unit;
  ours: number;
  reference?: { name: string; value: number };
  ratio?: number;
  budget?: Budget;
  /** Undefined where there is no budget. */
  ok?: boolean;
  rounds: number;
}

interface RowOptions {
  name: string;
  unit?: Unit;
  budget?: Budget;
}

function within(budget: Budget, ours: readonly number[], reference: readonly number[]): boolean {
  const pairs = ours.map((value, round) => ({ value, base: reference[round] ?? Number.NaN }));
  if ('timesReference' in budget) return median(pairs.map(({ value, base }) => value / base)) <= budget.timesReference;
  if ('overReference' in budget) return median(pairs.map(({ value, base }) => value - base)) <= budget.overReference;
  return median(ours) <= budget.atMost;
}

/** A row of values that are compared round by round. */
export function comparedRow(
  options: RowOptions,
  costs: ReadonlyMap<string, number[]>,
  ours: string,
  reference: string,
): Row {
  const own = costs.get(ours) ?? [];
  const other = costs.get(reference) ?? [];
  return {
    ...measuredRow(options, own),
    reference: { name: reference, value: median(other) },
    ratio: median(own.map((value, round) => value / (other[round] ?? Number.NaN))),
    ...(options.budget === undefined ? {} : { ok: within(options.budget, own, other) }),
  };
}

/** A row of values that stand by themselves. */
export function measuredRow({ name, unit = 'ms', budget }: RowOptions, values: readonly number[]): Row {
  return {
    name,
    unit,
    ours: median(values),
    rounds: values.length,
    ...(budget === undefined ? {} : { budget, ok: within(budget, values, []) }),
  };
}
