// SPDX-License-Identifier: Apache-2.0
import type { CheckAgent, CheckCell, CheckFinding, CheckReport, CheckService } from '../../model/check.js';
import { columnLines, type Column } from '../columns.js';
import { plainText } from '../plain-text.js';
import type { RenderOptions } from '../render-options.js';
import { verdictText } from '../verdict-style.js';
import { severitySigns } from './finding-lines.js';
import { interfaceText } from './interface-text.js';
import { lastReportText, reportEnd } from './node-lines.js';
import { worstFindings } from './order.js';
import { outageLines } from './outage-lines.js';
import { legacyText, settingsText, testsText } from './remarks.js';
import { msText } from './service-lines.js';
import { skewText, verdictLine } from './words.js';

type Value = string | number | undefined;

function tableOf<Row>(rows: readonly Row[], headers: boolean, columns: [string, (row: Row) => Value][]): string[] {
  if (rows.length === 0) return [];
  const all = columns.map(([header, value]): Column => ({
    header: [header],
    cells: rows.map((row) => plainText(`${value(row) ?? ''}`) || '-'),
  }));
  return columnLines(all, headers);
}

function findings({ findings: found }: CheckReport, headers: boolean): string[] {
  return tableOf<CheckFinding>(worstFindings(found), headers, [
    ['FINDING', ({ kind }) => kind],
    ['SEVERITY', ({ severity }) => `${severitySigns[severity][0]} ${severity}`],
    ['PROBES', ({ failed }) => failed],
    ['NODES', ({ nodes }) => nodes.join(', ')],
    ['MESSAGE', ({ message }) => message],
    ['HINT', ({ hint }) => hint],
  ]);
}

function agents(report: CheckReport, headers: boolean): string[] {
  const now = reportEnd(report);
  const rows = report.nodes.flatMap(({ name, condition, agents: of }) =>
    of.map((agent) => ({ node: name, condition, ...agent })),
  );
  return tableOf<CheckAgent & { node: string; condition?: string | undefined }>(rows, headers, [
    ['NODE', ({ node }) => node],
    ['NETWORK', ({ network }) => network],
    ['STATE', ({ state }) => state],
    ['CONDITION', ({ condition }) => condition],
    ['POD', ({ pod }) => pod],
    ['REPORTED', (agent) => lastReportText(agent, now)],
    ['CLOCK', ({ clockSkewMs }) => (clockSkewMs === undefined ? undefined : skewText(clockSkewMs))],
    ['UPTIME S', ({ uptimeSeconds }) => (uptimeSeconds === undefined ? undefined : Math.round(uptimeSeconds))],
    ['KERNEL', ({ kernel }) => kernel],
    ['NAMESERVERS', ({ resolver }) => resolver?.nameservers.join(', ')],
    ['INTERFACES', ({ interfaces = [] }) => interfaces.map(interfaceText).join('; ')],
    // The longest one is last, as kubectl has it: nothing behind it is pushed away.
    ['CAUSE', ({ cause }) => cause],
  ]);
}

function cells({ matrix }: CheckReport, headers: boolean): string[] {
  return tableOf<CheckCell>(matrix, headers, [
    ['SOURCE', ({ source }) => source],
    ['DESTINATION', ({ destination }) => destination],
    ['VERDICT', ({ verdict }) => verdictText(verdict)],
    ['SENT', ({ sent }) => sent],
    ['FAILED', ({ failed }) => failed],
    ['P50 MS', ({ p50Ms }) => msText(p50Ms)],
    ['P95 MS', ({ p95Ms }) => msText(p95Ms)],
    ['MAX MS', ({ maxMs }) => msText(maxMs)],
  ]);
}

function services({ services: found }: CheckReport, headers: boolean): string[] {
  return tableOf<CheckService>(found, headers, [
    ['KIND', ({ kind }) => kind],
    ['SERVICE', ({ label }) => label],
    ['VERDICT', ({ verdict }) => verdictText(verdict)],
    ['SENT', ({ sent }) => sent],
    ['FAILED', ({ failed }) => failed],
    ['P50 MS', ({ p50Ms }) => msText(p50Ms)],
    ['MAX MS', ({ maxMs }) => msText(maxMs)],
    ['FAILED FROM', ({ failedFrom }) => failedFrom.join(', ')],
  ]);
}

/** `-o wide`: a line for each finding, agent, pair of nodes, service and outage, with all that is known of it; nothing is cut. */
export function renderCheckWide(report: CheckReport, { headers }: Pick<RenderOptions, 'headers'>): string {
  const sections = [
    [plainText(verdictLine(report))],
    findings(report, headers),
    agents(report, headers),
    cells(report, headers),
    services(report, headers),
    outageLines(report, { width: Infinity, color: false, headers }),
    [
      ...report.warnings.map((warning) => plainText(`Warning: ${warning}`)),
      ...(report.legacyApi === true ? [legacyText] : []),
      settingsText(report),
      testsText(report),
    ],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
    .join('\n');
}
