// SPDX-License-Identifier: Apache-2.0
import type { ClearItem, ClearOutcome, ClearReport } from '../model/shaping.js';
import { columnLines, squeezeColumns, type Column } from './columns.js';
import { plainText } from './plain-text.js';

export interface ClearRenderOptions {
  width: number;
  headers: boolean;
}

const outcomeWords: Record<ClearOutcome, string> = {
  cleared: 'cleared',
  wouldClear: 'would be cleared',
  nothingToClear: 'nothing to clear',
  gone: 'gone',
  failed: 'failed',
};

/** `shape clear`: a line for each pod, with what became of its shape. */
export function renderClearance({ items }: ClearReport, { width, headers }: ClearRenderOptions): string {
  if (items.length === 0) return '';
  const column = (header: string, value: (item: ClearItem) => string, more?: Partial<Column>): Column => ({
    header: [header],
    cells: items.map((item) => plainText(value(item)) || '<none>'),
    ...more,
  });
  const columns = [
    column('NAMESPACE', ({ namespace }) => namespace, { shortenTo: { readily: 12, atMost: 6 } }),
    column('POD', ({ pod }) => pod, { shortenTo: { readily: 20, atMost: 8 } }),
    column('DONE', ({ outcome }) => outcomeWords[outcome]),
    column('WHAT', ({ message }) => message, { shortenTo: { readily: 60, atMost: 30 } }),
  ];
  return columnLines(squeezeColumns(columns, width), headers)
    .map((line) => `${line}\n`)
    .join('');
}

/** `-o name`: the pods whose shapes were cleared, or would be. */
export function clearedNames({ items }: ClearReport): string {
  return items
    .filter(({ outcome }) => outcome === 'cleared' || outcome === 'wouldClear')
    .map(({ pod }) => `pod/${plainText(pod)}\n`)
    .join('');
}
