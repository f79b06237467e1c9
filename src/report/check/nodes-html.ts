// SPDX-License-Identifier: Apache-2.0
import type { AgentInterface, CheckAgent, CheckNode, CheckReport } from '../../model/check.js';
import { html } from '../html/markup.js';
import { troubleText } from './interface-text.js';
import { causeText, lastReportText, reportEnd, stateVerdict } from './node-lines.js';
import { worstNodes } from './order.js';
import { skewText } from './words.js';

/** The nodes, those that are not well first, each with what its agents have read there behind a line to open. */
export function nodesHtml(report: CheckReport): string {
  const { nodes } = report;
  if (nodes.length === 0) return '';
  const now = reportEnd(report);
  const items = worstNodes(nodes).map((node) => nodeHtml(node, now));
  const well = nodes.filter(({ state }) => state === 'OK').length;
  return `<section aria-labelledby="nodes">
<h2 id="nodes">Nodes<small>${well} of ${nodes.length} OK; each opens</small></h2>
<div class="nodes">
${items.join('\n')}
</div>
</section>
`;
}

function nodeHtml(node: CheckNode, now: Date): string {
  const cause = causeText(node);
  const state = `<span class="verdict ${stateVerdict[node.state]}">${node.state}</span>`;
  const why = cause === '' ? '' : `<span class="reason">${html(cause)}</span>`;
  return `<details><summary>${state} <b>${html(node.name)}</b>${why}</summary>${node.agents.map((agent) => agentHtml(agent, now)).join('')}</details>`;
}

function agentHtml(agent: CheckAgent, now: Date): string {
  const { network, state, cause, pod, kernel, uptimeSeconds, clockSkewMs, resolver, interfaces = [] } = agent;
  const facts: [string, string | undefined][] = [
    ['State', state],
    ['Cause', cause],
    ['Pod', pod],
    ['Last report', lastReportText(agent, now)],
    ['Clock', clockSkewMs === undefined ? undefined : skewText(clockSkewMs)],
    ['Up', uptimeSeconds === undefined ? undefined : `${Math.round(uptimeSeconds)} s`],
    ['Kernel', kernel],
    ['Name servers', resolver?.nameservers.join(', ')],
    ['Search', resolver?.search.join(' ')],
  ];
  const list = facts.flatMap(([name, value = '']) => (value === '' ? [] : [`<dt>${name}</dt><dd>${html(value)}</dd>`]));
  return `<article><h3>${network === 'pod' ? 'Pod network' : "Node's own network"}</h3><dl>${list.join('')}</dl>${interfacesHtml(interfaces)}</article>`;
}

function interfacesHtml(interfaces: readonly AgentInterface[]): string {
  if (interfaces.length === 0) return '';
  const number = (count: number) => `<td class="number">${count > 0 ? `<b>${count}</b>` : count}</td>`;
  const rows = interfaces.map((each) => {
    const { name, mtu, addresses, rxErrors, txErrors, rxDropped, txDropped } = each;
    const sign = troubleText(each) === '' ? '' : ' <span aria-hidden="true">!</span>';
    return `<tr><th scope="row">${html(name)}${sign}</th><td class="number">${mtu}</td>${[rxErrors, txErrors, rxDropped, txDropped].map(number).join('')}<td>${html(addresses.join(', '))}</td></tr>`;
  });
  const heads = ['MTU', 'rx errors', 'tx errors', 'rx dropped', 'tx dropped'].map(
    (word) => `<th scope="col" class="number">${word}</th>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="Interfaces"><table class="list pairs"><thead><tr><th scope="col">Interface</th>${heads.join('')}<th scope="col">Addresses</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
