// SPDX-License-Identifier: Apache-2.0
import type { CheckOutage, CheckReport } from '../../model/check.js';
import { ageText } from '../age.js';
import { columnLines, squeezeColumns, type Column } from '../columns.js';
import { plainText } from '../plain-text.js';
import { verdictPainter } from '../verdict-style.js';
import { stateVerdict, type SectionOptions } from './node-lines.js';
import { momentText } from './words.js';

/** How long an outage lasted. */
export function outageLength({ from, to }: CheckOutage): string {
  return to === undefined ? 'goes on' : ageText(from, new Date(to));
}

/** When agents were not well, newest first; at most `most` of them, with of their causes what `causeOf` leaves. */
export function outageLines(
  { outages }: CheckReport,
  { width, color, headers }: SectionOptions,
  { most = Infinity, causeOf = (cause) => cause }: { most?: number; causeOf?: (cause: string) => string } = {},
): string[] {
  const shown = outages.slice(0, most);
  if (shown.length === 0) return [];
  const paint = verdictPainter(color);
  const column = (
    header: string,
    value: (outage: CheckOutage) => string | undefined,
    more?: Partial<Column>,
  ): Column => ({
    header: [header],
    cells: shown.map((outage) => plainText(value(outage) ?? '') || '-'),
    ...more,
  });
  const columns = [
    column('OUTAGE FROM', ({ from }) => momentText(from)),
    column('FOR', outageLength),
    column('NODE', ({ node }) => node, { shortenTo: { readily: 20, atMost: 10 } }),
    column('AGENT', ({ network }) => network, { leaveOut: 1 }),
    column('STATE', ({ state }) => state, {
      paint: (text, row) => paint(stateVerdict[shown[row]?.state ?? 'Absent'], text),
    }),
    column('CAUSE', ({ cause = '' }) => causeOf(plainText(cause)), {
      shortenTo: { readily: 24, atMost: 12 },
      leaveOut: 2,
    }),
  ];
  const rest = outages.length - shown.length;
  return [
    ...columnLines(squeezeColumns(columns, width), headers),
    ...(rest > 0 ? [`… and ${rest} more outages: -o wide shows all of them`] : []),
  ];
}
