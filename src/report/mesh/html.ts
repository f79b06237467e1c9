// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../model/counted.js';
import type { Mesh, MeshMember, MeshReport } from '../../model/mesh.js';
import { probeProtocols, type ProbeProtocol } from '../../model/prober.js';
import { formatMs, formatPercent } from '../figures.js';
import { html, pageHead } from '../html/markup.js';
import pageStyle from '../html/page.css';
import { heatOf } from '../html/times.js';
import type { MeshCell, MeshValue } from './cell.js';
import { meshGrid, pairsOf } from './grid.js';
import meshStyle from './mesh.css';
import { displayNames } from './names.js';
import { failuresText, worstFirst } from './pair-order.js';
import { summaryLine } from './summary.js';
import { sinceText } from './since-text.js';

/** More columns than these have their names written upwards. */
const uprightColumns = 7;
/** A page of more rows than these is slow; the worst come first. */
const listedPairs = 1000;

const style = `${pageStyle}${meshStyle}`;

/** `-o html`: one page that needs nothing else, and may load nothing else. A grid for each mesh and protocol, and their pairs. */
export function renderMeshHtml(report: MeshReport, value: MeshValue): string {
  const { meshes, startedAt, durationMs, sinceMs, by } = report;
  const sections = meshes.flatMap((mesh) =>
    protocolsOf(mesh).map((protocol) => ({ mesh, protocol, pairs: pairsOf(mesh, protocol) })),
  );
  const known = sections.flatMap(({ pairs }) => pairs.filter(({ sent }) => sent > 0));
  const failing = known.filter(({ failed }) => failed > 0).length;
  const unread = meshes.flatMap(({ members }) => members).reduce((sum, member) => sum + member.unread, 0);
  const headline =
    known.length === 0
      ? 'Nothing was probed yet'
      : failing === 0
        ? `No failures between ${known.length} pairs`
        : `${failing} of ${known.length} pairs have failures`;
  const facts = [
    `<time datetime="${html(startedAt)}">${html(startedAt.slice(0, 19).replace('T', ' '))} UTC</time>`,
    `probes of the last ${sinceText(sinceMs)}`,
    `by ${by}`,
    `read in ${formatMs(durationMs)} ms`,
    ...(unread === 0 ? [] : [`<b>${counted(unread, 'prober')} not read</b>`]),
  ];
  const state = failing > 0 || unread > 0 || known.length === 0 ? 'bad' : 'good';
  return `${pageHead({ title: `${headline}: kubectl netmachinery mesh`, style })}<body>
<header class="${state}">
<p class="command">kubectl netmachinery <b>mesh</b></p>
<h1>${html(headline)}</h1>
<p class="facts">${facts.join(' · ')}</p>
</header>
<main>
${sections.map(({ mesh, protocol }, place) => sectionHtml(mesh, protocol, value, place)).join('')}</main>
</body>
</html>
`;
}

function protocolsOf({ pairs }: Mesh): ProbeProtocol[] {
  const found = probeProtocols.filter((protocol) => pairs.some((pair) => pair.protocol === protocol));
  return found.length === 0 ? ['http'] : found;
}

function sectionHtml(mesh: Mesh, protocol: ProbeProtocol, value: MeshValue, place: number): string {
  const grid = meshGrid(mesh, protocol, value);
  const names = displayNames(grid.columns);
  const nameOf = new Map(grid.columns.map((member, index) => [member, names[index] ?? '']));
  const heads = grid.columns.map((member) => `<th scope="col" class="name">${nameHtml(member, nameOf)}</th>`);
  const rows = grid.rows.map(({ source, cells }) => {
    const tds = cells.map((cell, column) => cellHtml(cell, `${source.name} to ${names[column] ?? ''}`, grid.bounds));
    return `<tr><th scope="row">${nameHtml(source, nameOf)}</th>${tds.join('')}</tr>`;
  });
  const upright = grid.columns.length > uprightColumns ? ' upright' : '';
  const steps = grid.bounds.map(
    (bound, step) => `<li><i class="h${step}" aria-hidden="true"></i>≤ ${formatMs(bound)} ms</li>`,
  );
  const more = steps.length === 0 ? '' : `<li><i class="h${steps.length}" aria-hidden="true"></i>more</li>`;
  const figure = value === 'p50' ? 'median' : value;
  return `<section aria-labelledby="grid${place}">
<h2 id="grid${place}">${html(mesh.name)}: ${protocol}<small>${html(summaryLine(mesh, { protocol, value }))}</small></h2>
<ul class="legend"><li>Cells show ${figure}</li>${steps.join('')}${more}<li><i class="fail" aria-hidden="true">✗</i>probes fail</li><li><i class="inconclusive" aria-hidden="true">?</i>prober not read</li><li>- not probed</li></ul>
<div class="scroll" tabindex="0" role="region" aria-labelledby="grid${place}">
<table class="grid mesh${upright}">
<thead><tr><th scope="col" class="corner">source</th>${heads.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>
${unreadHtml(mesh)}${pairsHtml(mesh, protocol, value)}</section>
`;
}

function nameHtml(member: MeshMember, nameOf: ReadonlyMap<MeshMember, string>): string {
  const facts = [member.name, ...(member.node === undefined ? [] : [`on ${member.node}`])].join(' ');
  const left = member.left === true ? ' (left)' : '';
  return `<span class="n" title="${html(facts)}"><bdi>${html(nameOf.get(member) ?? '')}${left}</bdi></span>`;
}

const words: Partial<Record<MeshCell['state'], string>> = {
  unknown: 'not probed',
  unread: 'the prober could not be read',
  few: 'too few samples',
  self: 'itself',
};

function cellHtml({ state, text, ms }: MeshCell, where: string, bounds: readonly number[]): string {
  const heat = ms === undefined ? 'h0' : `h${heatOf(ms, bounds)}`;
  const name = { failing: 'fail', good: heat, few: 'hx', unknown: 'hx', unread: 'unread', self: 'self' }[state];
  const title = html(`${where}: ${words[state] ?? text}`);
  return `<td class="${name}" title="${title}">${html(text)}</td>`;
}

function unreadHtml({ members }: Mesh): string {
  const items = members.flatMap(({ name, message }) =>
    message === undefined
      ? []
      : [`<li><i class="inconclusive" aria-hidden="true">?</i><span>${html(`${name}: ${message}`)}</span></li>`],
  );
  return items.length === 0 ? '' : `<ul class="causes">${items.join('')}</ul>\n`;
}

function pairsHtml(mesh: Mesh, protocol: ProbeProtocol, value: MeshValue): string {
  const worst = worstFirst(pairsOf(mesh, protocol), value);
  if (worst.length === 0) return '';
  const number = (text: string) => `<td class="number">${html(text)}</td>`;
  const ms = (each: number | undefined) => number(each === undefined ? '' : formatMs(each));
  const rows = worst.slice(0, listedPairs).map((pair) => {
    const { source, destination, sent, failed, lossPercent = 0, rttMs } = pair;
    const loss = `${failed > 0 ? '✗ ' : ''}${formatPercent(lossPercent)}`;
    return `<tr><th scope="row">${html(source)}</th><td>${html(destination)}</td>${number(`${sent}`)}${number(loss)}${ms(rttMs?.min)}${ms(rttMs?.p50)}${ms(rttMs?.p95)}${ms(rttMs?.p99)}${ms(rttMs?.max)}${ms(rttMs?.jitter)}<td>${html(failuresText(pair))}</td></tr>`;
  });
  const heads = ['Sent', 'Loss', 'Min', 'p50', 'p95', 'p99', 'Max', 'Jitter'].map(
    (name) => `<th scope="col" class="number">${name}</th>`,
  );
  const rest = worst.length - rows.length;
  return `<details${worst.some(({ failed }) => failed > 0) ? ' open' : ''}><summary>${worst.length} pairs, the worst first; times in ms</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Pairs">
<table class="list pairs"><thead><tr><th scope="col">Source</th><th scope="col">Destination</th>${heads.join('')}<th scope="col">Failures</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
</div>${rest > 0 ? `<p class="help">and ${rest} more: -o csv has all of them</p>` : ''}</details>
`;
}
