// SPDX-License-Identifier: Apache-2.0
import { verdicts } from '../../model/verdict.js';
import { formatMs } from '../figures.js';
import { plainText } from '../plain-text.js';
import { charactersOf } from '../text-width.js';
import { verdictText } from '../verdict-style.js';
import type { Grid, GridCell } from './grid.js';
import { html } from './markup.js';
import { heatOf, shortMs, type TimeFigure } from './times.js';

/** What the cells of all grids are drawn with. */
export interface GridStyle {
  figure: TimeFigure;
  /** Steps of the heat map in ms. */
  bounds: readonly number[];
  /** Place of a result in the page's data. */
  indexOf: (id: string) => number;
}

/** More columns than these have their names written upwards. */
const uprightColumns = 7;

function cellHtml(cell: GridCell | undefined, where: string, { figure, bounds, indexOf }: GridStyle): string {
  if (cell === undefined) return '<td class="none"></td>';
  const { verdict, ms, results } = cell;
  const isDeny = results.some(({ expect }) => expect === 'deny');
  const count = results.length > 1 ? `, ${results.length} tests` : '';
  const time = ms === undefined ? '' : `, ${figure} ${formatMs(ms)} ms`;
  const label = `${where}: ${verdict}${isDeny ? ', expected deny' : ''}${time}${count}`;
  const [symbol = ''] = verdictText(verdict);
  const classes = [verdict, ms === undefined ? 'hx' : `h${heatOf(ms, bounds)}`, ...(isDeny ? ['deny'] : [])];
  const indexes = results.map(({ id }) => indexOf(id)).join(' ');
  // Without a time, what did not pass keeps its symbol.
  const short = ms === undefined ? (verdict === 'pass' ? '·' : symbol) : shortMs(ms);
  return `<td class="${classes.join(' ')}"><button data-r="${indexes}" tabindex="-1" aria-label="${html(label)}" title="${html(label)}"><span class="v">${symbol}</span><span class="t">${short}</span></button></td>`;
}

/** A name whose end, which tells replicas apart, stays when it has to be cut. */
function nameHtml(text: string): string {
  const characters = charactersOf(plainText(text));
  const [head, tail] = characters.length > 16 ? [characters.slice(0, -6), characters.slice(-6)] : [characters, []];
  const end = tail.length === 0 ? '' : `<bdi>${html(tail.join(''))}</bdi>`;
  return `<span class="n" title="${html(text)}"><bdi>${html(head.join(''))}</bdi>${end}</span>`;
}

/** One grid as a section with a table whose headers are real ones. */
export function gridHtml(grid: Grid, place: number, style: GridStyle): string {
  const columns = grid.groups.flatMap(({ ref, columns: members }) => members.map((column) => ({ ref, ...column })));
  const isGrouped = grid.groups.some(({ columns: members }) => members.length > 1 || members[0]?.member !== '');
  const refs = grid.groups.map(({ ref, columns: members }) =>
    isGrouped && members.length > 1
      ? `<th scope="colgroup" colspan="${members.length}" class="group">${nameHtml(ref)}</th>`
      : `<th scope="col"${isGrouped && members[0]?.member === '' ? ' rowspan="2"' : ''} class="name">${nameHtml(ref)}</th>`,
  );
  const members = columns.flatMap(({ member }) =>
    member === '' ? [] : `<th scope="col" class="name">${nameHtml(member)}</th>`,
  );
  const rows = grid.rows.map(({ label, cells }) => {
    const tds = columns.map(({ key, ref, member }) =>
      cellHtml(cells.get(key), `${label} to ${member === '' ? ref : `${ref} (${member})`}`, style),
    );
    return `<tr><th scope="row">${nameHtml(label)}</th>${tds.join('')}</tr>`;
  });
  const corner = `<th scope="col" class="corner"${isGrouped ? ' rowspan="2"' : ''}>source</th>`;
  const destinations = columns.length === 1 ? '1 destination' : `${columns.length} destinations`;
  const title = `${html(grid.title)}<small>${grid.rows.length} sources × ${destinations}</small>`;
  const upright = columns.length > uprightColumns ? ' upright' : '';
  return `<section aria-labelledby="grid${place}">
<h2 id="grid${place}">${title}</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="grid${place}">
<table class="grid${upright}">
<thead><tr>${corner}${refs.join('')}</tr>${isGrouped ? `<tr>${members.join('')}</tr>` : ''}</thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>
</section>
`;
}

/** What symbols, outlines and shades mean. */
export function legendHtml({ figure, bounds }: Pick<GridStyle, 'figure' | 'bounds'>, hasDeny: boolean): string {
  const words = verdicts.toReversed().map((verdict) => {
    const [symbol = ''] = verdictText(verdict);
    return `<li><i class="${verdict}" aria-hidden="true">${symbol}</i>${verdict}</li>`;
  });
  const deny = hasDeny ? '<li><i class="pass deny" aria-hidden="true">✓</i>expected to be denied</li>' : '';
  const steps = bounds.map((bound, step) => `<li><i class="h${step}" aria-hidden="true"></i>≤ ${formatMs(bound)}</li>`);
  const last = bounds.at(-1);
  const beyond = last === undefined ? '' : `<li><i class="h${bounds.length}" aria-hidden="true"></i>more</li>`;
  const why = figure === 'p95' ? 'p95 in ms' : 'median in ms (a p95 needs 20 samples)';
  return `<ul class="legend v">${words.join('')}${deny}</ul><ul class="legend t"><li>${why}</li>${steps.join('')}${beyond}<li><i class="hx bad" aria-hidden="true"></i>not passed</li><li>· no time</li></ul>`;
}
