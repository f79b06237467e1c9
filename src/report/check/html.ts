// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../../model/check.js';
import { verdicts } from '../../model/verdict.js';
import { formatDuration } from '../figures.js';
import { html, pageHead } from '../html/markup.js';
import pageStyle from '../html/page.css';
import meshStyle from '../mesh/mesh.css';
import { verdictText } from '../verdict-style.js';
import checkStyle from './check.css';
import { severitySigns } from './finding-lines.js';
import { matrixHtml } from './matrix-html.js';
import { nodesHtml } from './nodes-html.js';
import { worstFindings } from './order.js';
import { legacyText, settingsText } from './remarks.js';
import { outagesHtml, servicesHtml } from './sections-html.js';
import { conclusionText, scopeText } from './words.js';

const style = `${pageStyle}${meshStyle}${checkStyle}`;

/** More findings than these stand behind a line to open. */
const shownFindings = 20;

/** `-o html`: one page that needs nothing else, runs nothing, and may load nothing else. */
export function renderCheckHtml(report: CheckReport): string {
  const { verdict, summary, startedAt, durationMs, mode } = report;
  const conclusion = conclusionText(report);
  const headline = `${conclusion.charAt(0).toUpperCase()}${conclusion.slice(1)}`;
  const facts = [
    `<time datetime="${html(startedAt)}">${html(startedAt.slice(0, 19).replace('T', ' '))} UTC</time>`,
    html(scopeText(report)),
    mode === 'once' ? `took ${formatDuration(durationMs)}` : 'installed',
    html(settingsText(report)),
    ...(report.legacyApi === true ? [`<b>${legacyText}</b>`] : []),
  ];
  const state = verdict === 'pass' && summary.total > 0 ? 'good' : 'bad';
  return `${pageHead({ title: `${headline}: kubectl netmachinery check`, style })}<body>
<header class="${state}">
<p class="command">kubectl netmachinery <b>check</b></p>
<h1>${html(headline)}</h1>
${chipsHtml(report)}
<p class="facts">${facts.join(' · ')}</p>
</header>
<main>
${findingsHtml(report)}${matrixHtml(report)}${nodesHtml(report)}${servicesHtml(report)}${outagesHtml(report)}</main>
</body>
</html>
`;
}

function chipsHtml({ summary }: CheckReport): string {
  const items = verdicts.toReversed().flatMap((verdict) => {
    const [symbol = ''] = verdictText(verdict);
    const count = summary[verdict];
    return count === 0
      ? []
      : [`<li><i class="${verdict}" aria-hidden="true">${symbol}</i><b>${count}</b> ${verdict}</li>`];
  });
  return `<ul class="chips">${items.join('')}</ul>`;
}

function findingsHtml({ findings, warnings }: CheckReport): string {
  const items = worstFindings(findings).map(({ severity, message, hint }) => {
    const [sign, verdict] = severitySigns[severity];
    const icon = severity === 'warning' ? 'note' : verdict;
    const word = severity === 'warning' ? 'Warning: ' : '';
    const advice = hint === undefined ? '' : `<p class="hint">${html(hint)}</p>`;
    return `<li><i class="${icon}" aria-hidden="true">${sign}</i><div>${word}${html(message)}${advice}</div></li>`;
  });
  const notes = warnings.map(
    (text) => `<li><i class="note" aria-hidden="true">!</i><div>Warning: ${html(text)}</div></li>`,
  );
  const shown = [...items.slice(0, shownFindings), ...notes];
  if (shown.length === 0) return '';
  const hidden = items.slice(shownFindings);
  const more =
    hidden.length === 0
      ? ''
      : `<details><summary>${hidden.length} more</summary><ul class="causes">${hidden.join('')}</ul></details>`;
  return `<section aria-labelledby="findings"><h2 id="findings">Findings</h2><ul class="causes">${shown.join('')}</ul>${more}</section>\n`;
}
