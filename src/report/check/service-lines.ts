// SPDX-License-Identifier: Apache-2.0
import type { CheckReport, CheckService } from '../../model/check.js';
import { columnLines, squeezeColumns, type Column } from '../columns.js';
import { formatMs } from '../figures.js';
import { plainText } from '../plain-text.js';
import { verdictPainter, verdictText } from '../verdict-style.js';
import type { SectionOptions } from './node-lines.js';
import { worstServices } from './order.js';
import { failedFromText } from './words.js';

const shownServices = 40;

/** The server, the API server, DNS, names and URLs, those that fail first. */
export function serviceLines(report: CheckReport, { width, color, headers }: SectionOptions): string[] {
  const worst = worstServices(report.services);
  const shown = worst.slice(0, shownServices);
  if (shown.length === 0) return [];
  const paint = verdictPainter(color);
  const column = (header: string, value: (service: CheckService) => string, more?: Partial<Column>): Column => ({
    header: [header],
    cells: shown.map((service) => plainText(value(service)) || '-'),
    ...more,
  });
  const columns = [
    column('SERVICE', ({ label }) => label, { shortenTo: { readily: 36, atMost: 16 } }),
    column('VERDICT', ({ verdict }) => verdictText(verdict), {
      paint: (text, row) => paint(shown[row]?.verdict ?? 'error', text),
    }),
    column('FAILED', ({ failed, sent }) => `${failed}/${sent}`, { leaveOut: 2 }),
    column('P50 MS', ({ p50Ms }) => msText(p50Ms), { leaveOut: 3 }),
    ...(shown.some(({ failedFrom }) => failedFrom.length > 0)
      ? [
          column('FAILED FROM', (service) => failedFromText(service, report), {
            shortenTo: { readily: 24, atMost: 12 },
          }),
        ]
      : []),
  ];
  const rest = worst.length - shown.length;
  return [
    ...columnLines(squeezeColumns(columns, width), headers),
    ...(rest > 0 ? [`… and ${rest} more: -o wide shows all of them`] : []),
  ];
}

/** A time, empty where there is none. */
export function msText(ms: number | undefined): string {
  return ms === undefined ? '' : formatMs(ms);
}
