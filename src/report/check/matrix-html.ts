// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../../model/check.js';
import { formatMs } from '../figures.js';
import { html } from '../html/markup.js';
import { heatOf } from '../html/times.js';
import { checkGrid, figureWords, selfWords, timedWords, type CheckGridCell } from './grid.js';

/** More columns than these have their names written upwards. */
const uprightColumns = 7;

/** The heat matrix of all nodes, with what each sign and shade means. */
export function matrixHtml(report: CheckReport): string {
  if (report.matrix.length === 0) return '';
  const { names, cells, figure, bounds } = checkGrid(report);
  const name = (text: string) => `<span class="n" title="${html(text)}"><bdi>${html(text)}</bdi></span>`;
  const heads = names.map((text) => `<th scope="col" class="name">${name(text)}</th>`);
  const rows = cells.map((row, index) => {
    const source = names[index] ?? '';
    const tds = row.map((cell, column) => cellHtml(cell, `${source} to ${names[column] ?? ''}`, bounds));
    return `<tr><th scope="row">${name(source)}</th>${tds.join('')}</tr>`;
  });
  const steps = bounds.map(
    (bound, step) => `<li><i class="h${step}" aria-hidden="true"></i>≤ ${formatMs(bound)} ms</li>`,
  );
  const more = steps.length === 0 ? '' : `<li><i class="h${steps.length}" aria-hidden="true"></i>more</li>`;
  const upright = names.length > uprightColumns ? ' upright' : '';
  return `<section aria-labelledby="matrix">
<h2 id="matrix">Node to node<small>sources down, destinations across</small></h2>
<ul class="legend"><li>Cells show ${figureWords[figure]} ${timedWords}; ${selfWords}</li>${steps.join('')}${more}<li><i class="fail" aria-hidden="true">✗</i>probes fail</li><li><i class="inconclusive" aria-hidden="true">?</i>not known</li><li>- unsupported</li><li>empty: not probed</li></ul>
<div class="scroll" tabindex="0" role="region" aria-labelledby="matrix">
<table class="grid mesh${upright}">
<thead><tr><th scope="col" class="corner">source</th>${heads.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>
</section>
`;
}

function cellHtml({ verdict, text, cell, ms, state }: CheckGridCell, where: string, bounds: readonly number[]): string {
  // Most cells of a large cluster are not probed: nothing is said of each of these.
  if (verdict === undefined || cell === undefined) return `<td class="${state === 'self' ? 'self' : 'hx'}"></td>`;
  const heat = ms === undefined ? 'h0' : `h${heatOf(ms, bounds)}`;
  const name = { pass: heat, fail: 'fail', error: 'unread', inconclusive: 'unread', unsupported: 'hx' }[verdict];
  const times = (['p50', 'p95', 'max'] as const).flatMap((word) => {
    const value = cell[`${word}Ms`];
    return value === undefined ? [] : [`${word} ${formatMs(value)} ms`];
  });
  const title = html([`${where}: ${verdict}`, `${cell.failed} of ${cell.sent} probes failed`, ...times].join(', '));
  return `<td class="${name}" title="${title}">${html(text)}</td>`;
}
