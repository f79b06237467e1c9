// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../../model/report.js';
import { verdicts } from '../../model/verdict.js';
import { addressText, memberText, sourceLabels } from '../destination-label.js';
import { formatMs, formatPercent } from '../figures.js';
import { verdictText } from '../verdict-style.js';
import { html } from './markup.js';
import { timeOf } from './times.js';

interface ListColumn {
  name: string;
  /** A narrow window leaves it out. */
  isMinor?: boolean;
  isNumber?: boolean;
  value: (result: Result) => string;
}

function destinationText({ destination, dns, http }: Result): string {
  const { ref, kind, name } = destination;
  const asked = dns === undefined ? http?.url : `${dns.type} ${dns.name}`;
  const question = asked === undefined || ref.includes(dns?.name ?? asked) ? '' : ` ${asked}`;
  const isMember = kind === 'endpoint' || (kind === 'pod' && name !== undefined && !ref.includes(name));
  return `${ref}${isMember ? ` (${memberText(destination)})` : ''}${question}`;
}

function msText(ms: number | undefined): string {
  return ms === undefined ? '' : formatMs(ms);
}

function columnsOf(results: readonly Result[]): ListColumn[] {
  const labelOf = sourceLabels(results);
  const has = (isIt: (result: Result) => boolean, column: ListColumn) => (results.some(isIt) ? [column] : []);
  return [
    ...has(({ test }) => test !== undefined, {
      name: 'Test',
      value: ({ suite, test }) => [suite, test].filter((word) => word !== undefined).join(': '),
    }),
    { name: 'Source', value: ({ source }) => labelOf(source) },
    { name: 'Destination', value: destinationText },
    { name: 'Address', isMinor: true, value: ({ destination }) => addressText(destination) },
    { name: 'Probe', value: ({ probe }) => probe },
    ...has(({ expect }) => expect === 'deny', { name: 'Expect', isMinor: true, value: ({ expect }) => expect }),
    { name: 'Reason', isMinor: true, value: ({ reason }) => reason },
    ...has(({ lossPercent }) => lossPercent !== undefined, {
      name: 'Loss',
      isMinor: true,
      isNumber: true,
      value: ({ lossPercent }) => (lossPercent === undefined ? '' : formatPercent(lossPercent)),
    }),
    ...has((result) => timeOf(result, 'p50') !== undefined, {
      name: 'Median ms',
      isMinor: true,
      isNumber: true,
      value: (result) => msText(timeOf(result, 'p50')),
    }),
    ...has(({ rttMs }) => rttMs?.p95 !== undefined, {
      name: 'p95 ms',
      isMinor: true,
      isNumber: true,
      value: ({ rttMs }) => msText(rttMs?.p95),
    }),
    { name: 'Message', isMinor: true, value: ({ message }) => message },
  ];
}

/** Every test in a row, the worst first; `indexOf` is the place of a result in the page's data. */
export function listHtml(results: readonly Result[], indexOf: (id: string) => number): string {
  const columns = columnsOf(results);
  const classOf = ({ isMinor, isNumber }: ListColumn) => {
    const classes = [...(isMinor === true ? ['minor'] : []), ...(isNumber === true ? ['number'] : [])];
    return classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
  };
  const heads = columns.map((column) => `<th scope="col"${classOf(column)}>${html(column.name)}</th>`);
  const rank = (result: Result) => verdicts.indexOf(result.verdict);
  const rows = results
    .toSorted((one, other) => rank(one) - rank(other))
    .map((result) => {
      const { verdict, id } = result;
      const cells = columns.map((column) => `<td${classOf(column)}>${html(column.value(result))}</td>`);
      const word = `<span class="verdict ${verdict}">${verdictText(verdict)}</span>`;
      return `<tr class="${verdict}"><th scope="row"><button data-r="${indexOf(id)}" tabindex="-1">${word}</button></th>${cells.join('')}</tr>`;
    });
  return `<table class="list"><thead><tr><th scope="col">Verdict</th>${heads.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>`;
}
