// SPDX-License-Identifier: Apache-2.0
import Table from 'cli-table3';
import type { Budget, Row } from './row.js';

function amount(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function budgetWords(budget: Budget, unit: string): string {
  if ('timesReference' in budget) return `<= ${budget.timesReference} x`;
  return 'overReference' in budget ? `<= reference + ${budget.overReference} ${unit}` : `<= ${budget.atMost} ${unit}`;
}

/** The rows as a table for people. */
export function renderRows(rows: readonly Row[]): string {
  const table = new Table({
    head: ['', 'OURS', 'REFERENCE', '', 'RATIO', 'BUDGET', '', 'ROUNDS'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'left', 'right', 'left', 'left', 'right'],
  });
  for (const { name, unit, ours, reference, ratio, budget, ok, rounds } of rows) {
    table.push([
      name,
      `${amount(ours)} ${unit}`,
      reference === undefined ? '' : `${amount(reference.value)} ${unit}`,
      reference?.name ?? '',
      ratio === undefined ? '' : ratio.toFixed(2),
      budget === undefined ? '' : budgetWords(budget, unit),
      ok === undefined ? '' : ok ? 'ok' : 'over',
      String(rounds),
    ]);
  }
  return table.toString();
}
