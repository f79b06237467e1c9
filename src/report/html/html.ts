// SPDX-License-Identifier: Apache-2.0
import type { Report, Summary } from '../../model/report.js';
import { verdicts } from '../../model/verdict.js';
import { causesOf } from '../causes.js';
import { sourceKey } from '../destination-label.js';
import { factsOf, hintsByResult } from '../explanation.js';
import { formatDuration } from '../figures.js';
import { stableDestination } from '../test-name.js';
import { verdictText } from '../verdict-style.js';
import { gridsOf } from './grid.js';
import { gridHtml, legendHtml } from './grid-html.js';
import { listHtml } from './list-html.js';
import { html, jsonForScript, pageHead } from './markup.js';
import script from './page.browser.js';
import style from './page.css';
import { heatBounds, timeFigure } from './times.js';

/** More causes than these stand behind a line to open. */
const causesShown = 12;

function headline({ total, pass, fail, error, inconclusive, unsupported }: Summary): string {
  if (total === 0) return 'No test was made';
  if (pass === total) return total === 1 ? 'The test passed' : `All ${total} tests passed`;
  const worst = [
    [fail, 'failed'],
    [error, 'could not be made'],
    [inconclusive, 'inconclusive'],
    [unsupported, 'unsupported here'],
  ] as const;
  const [count, word] = worst.find(([each]) => each > 0) ?? [0, ''];
  return `${count} of ${total} ${total === 1 ? 'test' : 'tests'} ${word}`;
}

function chips(summary: Summary): string {
  const items = verdicts.toReversed().flatMap((verdict) => {
    const count = summary[verdict];
    const [symbol = ''] = verdictText(verdict);
    return count === 0
      ? []
      : [`<li><i class="${verdict}" aria-hidden="true">${symbol}</i><b>${count}</b> ${verdict}</li>`];
  });
  return `<ul class="chips">${items.join('')}</ul>`;
}

function causesHtml(report: Report): string {
  const items = causesOf(report).map(({ verdict, text }) => {
    const [symbol = ''] = verdictText(verdict);
    return `<li><i class="${verdict}" aria-hidden="true">${symbol}</i><span>${html(text)}</span></li>`;
  });
  const warnings = report.warnings.map(
    (text) => `<li><i class="note" aria-hidden="true">!</i><span>Warning: ${html(text)}</span></li>`,
  );
  const shown = [...warnings, ...items.slice(0, causesShown)];
  if (shown.length === 0) return '';
  const hidden = items.slice(causesShown);
  const more =
    hidden.length === 0
      ? ''
      : `<details><summary>${hidden.length} more</summary><ul class="causes">${hidden.join('')}</ul></details>`;
  return `<section aria-labelledby="causes"><h2 id="causes">Findings</h2><ul class="causes">${shown.join('')}</ul>${more}</section>\n`;
}

/** `-o html`: one page that needs nothing else, and may load nothing else. */
export function renderHtml(report: Report): string {
  const { results, summary, command, startedAt, durationMs } = report;
  const figure = timeFigure(results);
  const grids = gridsOf(results, figure);
  const times = grids.flatMap(({ rows }) =>
    rows.flatMap(({ cells }) => [...cells.values()].flatMap(({ ms }) => ms ?? [])),
  );
  const places = new Map(results.map(({ id }, index) => [id, index]));
  const indexOf = (id: string) => places.get(id) ?? -1;
  const gridStyle = { figure, bounds: heatBounds(times), indexOf };
  const hints = hintsByResult(report);
  const data = results.map((result) => ({
    id: result.id,
    name: `${result.test === undefined ? '' : `${result.test}: `}${result.probe} ${sourceKey(result.source)} to ${stableDestination(result)}`,
    verdict: result.verdict,
    symbol: verdictText(result.verdict)[0],
    reason: result.reason,
    message: result.message,
    facts: factsOf(result),
    hints: hints.get(result.id) ?? [],
  }));
  const sources = new Set(results.map(({ source }) => sourceKey(source))).size;
  const started = new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ');
  const notPassed = summary.total - summary.pass;
  const hasDeny = results.some(({ expect }) => expect === 'deny');
  const title = `${headline(summary)}: kubectl netmachinery ${command}`;
  const state = notPassed === 0 && summary.total > 0 ? 'good' : 'bad';
  const measure = figure === 'p95' ? 'p95' : 'Median';
  const gridBar = `<div class="bar"><fieldset><legend>Cells show</legend><label><input type="radio" name="cells" id="by-verdict" checked>Verdict</label><label><input type="radio" name="cells" id="by-time">${measure}</label></fieldset>${legendHtml(gridStyle, hasDeny)}</div>\n`;
  const bad = notPassed > 0;
  const listBar = `<div class="bar"><fieldset><legend>Rows</legend><label><input type="radio" name="rows" id="rows-bad"${bad ? ' checked' : ''}>Not passed (${notPassed})</label><label><input type="radio" name="rows" id="rows-all"${bad ? '' : ' checked'}>All (${summary.total})</label></fieldset><label class="search">Search <input type="search" id="search" autocomplete="off" spellcheck="false"></label><output id="found"></output></div>`;
  return `${pageHead({ title, style, script })}<body>
<header class="${state}">
<p class="command">kubectl netmachinery <b>${html(command)}</b></p>
<h1>${html(headline(summary))}</h1>
${chips(summary)}
<p class="facts"><time datetime="${html(startedAt)}">${started} UTC</time> · took ${formatDuration(durationMs)} · ${sources} ${sources === 1 ? 'source' : 'sources'}</p>
</header>
<main>
${causesHtml(report)}${grids.length === 0 ? '' : `<div class="grids">${gridBar}<p class="help">A cell opens its details; arrow keys go from cell to cell.</p>${grids.map((grid, place) => gridHtml(grid, place, gridStyle)).join('')}</div>\n`}<section aria-labelledby="tests">
<h2 id="tests">Tests</h2>
${listBar}
<div class="scroll" tabindex="0" role="region" aria-labelledby="tests">
${listHtml(results, indexOf)}
</div>
</section>
<noscript><p>Details of each test and the search need JavaScript; the tables say the rest.</p></noscript>
</main>
<aside id="details" aria-labelledby="details-name" tabindex="-1" hidden></aside>
<script type="application/json" id="data">${jsonForScript(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}
