// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../../model/check.js';
import { html } from '../html/markup.js';
import { verdictText } from '../verdict-style.js';
import { stateVerdict } from './node-lines.js';
import { worstServices } from './order.js';
import { outageLength } from './outage-lines.js';
import { msText } from './service-lines.js';
import { failedFromText, momentText } from './words.js';

function sectionHtml(id: string, title: string, heads: readonly string[], rows: readonly string[]): string {
  if (rows.length === 0) return '';
  const cells = heads.map((text) => {
    const isNumber = text.endsWith('ms') || text === 'Failed';
    return `<th scope="col"${isNumber ? ' class="number"' : ''}>${text}</th>`;
  });
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}">
<table class="list pairs"><thead><tr>${cells.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
</div>
</section>
`;
}

/** The server, the API server, DNS, names and URLs. */
export function servicesHtml(report: CheckReport): string {
  const rows = worstServices(report.services).map((service) => {
    const { label, verdict, failed, sent, p50Ms, maxMs } = service;
    return `<tr><th scope="row">${html(label)}</th><td><span class="verdict ${verdict}">${verdictText(verdict)}</span></td><td class="number">${failed}/${sent}</td><td class="number">${msText(p50Ms)}</td><td class="number">${msText(maxMs)}</td><td>${html(failedFromText(service, report))}</td></tr>`;
  });
  return sectionHtml('services', 'Services', ['Service', 'Verdict', 'Failed', 'p50 ms', 'Max ms', 'Failed from'], rows);
}

/** When agents were not well, newest first. */
export function outagesHtml({ outages }: CheckReport): string {
  const rows = outages.map((outage) => {
    const { node, network, state, from, cause = '' } = outage;
    return `<tr><th scope="row">${html(momentText(from))}</th><td>${html(outageLength(outage))}</td><td>${html(node)}</td><td>${network}</td><td><span class="verdict ${stateVerdict[state]}">${state}</span></td><td>${html(cause)}</td></tr>`;
  });
  return sectionHtml('outages', 'Outages', ['From (UTC)', 'For', 'Node', 'Agent', 'State', 'Cause'], rows);
}
