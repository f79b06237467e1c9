// SPDX-License-Identifier: Apache-2.0
import type { CheckFinding, CheckReport, CheckService } from '../../model/check.js';
import { counted } from '../../model/counted.js';
import type { Verdict } from '../../model/verdict.js';
import { plainText } from '../plain-text.js';

/** `node1, node2 and 28 more`; all of them where all fit. */
export function listText(names: readonly string[], shown = 3): string {
  const plain = names.map(plainText);
  const rest = plain.length - shown;
  return rest > 0 ? `${plain.slice(0, shown).join(', ')} and ${rest} more` : plain.join(', ');
}

/** Nodes that a service fails from, where that is every node in one word. */
export function failedFromText({ failedFrom }: CheckService, { nodes }: CheckReport): string {
  const isAll = nodes.length > 1 && failedFrom.length >= nodes.length;
  return isAll ? `all ${nodes.length} nodes` : listText(failedFrom);
}

/** How far a clock is from the server's: `+12 ms`, `-3.2 s`, `+5 m`. */
export function skewText(ms: number): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '-' : '+';
  if (size < 1000) return `${sign}${Math.round(size)} ms`;
  if (size < 120_000) return `${sign}${(size / 1000).toFixed(1)} s`;
  return `${sign}${Math.round(size / 60_000)} m`;
}

/** A moment without its fraction: `2026-11-22 10:20:30`. */
export function momentText(date: string): string {
  return plainText(date.slice(0, 19).replace('T', ' '));
}

const works: Record<Verdict, string> = {
  pass: 'the network works',
  fail: 'the network does not work',
  inconclusive: 'whether the network works is not known',
  unsupported: 'the network cannot be checked here',
  error: 'the check itself failed',
};

/** What the whole of a report comes to; without a test nothing is said to work. */
export function conclusionText(report: CheckReport): string {
  const { verdict, summary } = report;
  if (summary.total === 0) return 'nothing was checked';
  // Agents that do not start tell nothing about the network.
  return verdict === 'fail' && probeCount(report) === 0 ? 'nothing was probed' : works[verdict];
}

/** How many probes all agents sent in the last round. */
export function probeCount({ matrix, services }: CheckReport): number {
  return [...matrix, ...services].reduce((sum, { sent }) => sum + sent, 0);
}

/** How many findings change the verdict, and how many do not: `2 findings, 1 warning`. */
function findingCounts(findings: readonly CheckFinding[]): string[] {
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const others = findings.length - warnings;
  return [
    ...(others === 0 ? [] : [counted(others, 'finding')]),
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
  ];
}

/** What was looked at: `2 nodes, 4 agents, 212 probes`. */
export function scopeText(report: CheckReport): string {
  const { nodes } = report;
  const agents = nodes.reduce((sum, node) => sum + node.agents.length, 0);
  return [counted(nodes.length, 'node'), counted(agents, 'agent'), counted(probeCount(report), 'probe')].join(', ');
}

/** The first line: `the network works: 2 nodes, 4 agents, 212 probes`, `the network does not work: 2 findings; 2 nodes, ...`. */
export function verdictLine(report: CheckReport): string {
  const { verdict, findings, summary } = report;
  const failed = verdict === 'fail' ? `${summary.fail} of ${counted(summary.total, 'test')} failed` : '';
  const counts = findingCounts(findings).join(', ') || failed;
  const scope = scopeText(report);
  const parts = counts === '' ? [scope] : verdict === 'pass' ? [scope, counts] : [counts, scope];
  return `${conclusionText(report)}: ${parts.join('; ')}`;
}
