// SPDX-License-Identifier: Apache-2.0
import type { CleanupItem, CleanupOutcome, CleanupReport } from '../model/cleanup.js';
import { ageText } from './age.js';
import { columnLines, squeezeColumns, type Column } from './columns.js';
import { plainText } from './plain-text.js';

export interface CleanupRenderOptions {
  width: number;
  headers: boolean;
  now: Date;
}

const outcomeWords: Record<CleanupOutcome, string> = {
  ended: 'ended',
  wouldEnd: 'would be ended',
  removed: 'removed',
  wouldRemove: 'would be removed',
  busy: 'spared',
  others: 'spared',
  stays: 'stays',
  gone: 'gone',
  failed: 'failed',
};

/** `clean`: a line for each thing that we had left, by caller, with what became of it and why. */
export function renderCleanup({ items }: CleanupReport, { width, headers, now }: CleanupRenderOptions): string {
  if (items.length === 0) return '';
  const column = (
    header: string,
    value: (item: CleanupItem) => string | undefined,
    more?: Partial<Column>,
  ): Column => ({
    header: [header],
    cells: items.map((item) => plainText(value(item) ?? '') || '<none>'),
    ...more,
  });
  const columns = [
    column('NAMESPACE', ({ namespace }) => namespace, { shortenTo: { readily: 12, atMost: 6 } }),
    column('POD', ({ pod }) => pod, { shortenTo: { readily: 20, atMost: 8 } }),
    column('CONTAINER', ({ container }) => container, { leaveOut: 1 }),
    column('CALLER', ({ caller }) => caller, { shortenTo: { readily: 20, atMost: 8 } }),
    column('STATE', ({ state }) => state, { leaveOut: 3 }),
    column('AGE', ({ startedAt }) => ageText(startedAt, now), { leaveOut: 4 }),
    column('REASON', ({ reason }) => reason, { shortenTo: { readily: 16, atMost: 8 }, leaveOut: 5 }),
    column('DONE', ({ outcome }) => outcomeWords[outcome]),
    column('WHY', ({ message }) => message, { leaveOut: 2 }),
  ].filter(({ header, cells }) => header[0] !== 'REASON' || cells.some((cell) => cell !== '<none>'));
  return columnLines(squeezeColumns(columns, width), headers)
    .map((line) => `${line}\n`)
    .join('');
}

/** `-o name`: the pods in which something was ended, and pods and namespaces that were removed, each once. */
export function cleanedNames({ items }: CleanupReport): string {
  const done = new Set<CleanupOutcome>(['ended', 'wouldEnd', 'removed', 'wouldRemove']);
  const names = items
    .filter(({ outcome }) => done.has(outcome))
    .map(
      ({ namespace, pod }) => `${pod === undefined ? `namespace/${plainText(namespace)}` : `pod/${plainText(pod)}`}\n`,
    );
  return [...new Set(names)].join('');
}
