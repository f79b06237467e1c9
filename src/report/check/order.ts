// SPDX-License-Identifier: Apache-2.0
import type { AgentState, CheckCell, CheckFinding, CheckNode, CheckService } from '../../model/check.js';
import { verdicts, type Verdict } from '../../model/verdict.js';

const severities: readonly CheckFinding['severity'][] = ['failure', 'unknown', 'warning'];
/** Worst first. */
const states: readonly AgentState[] = ['Absent', 'Outdated', 'OK'];

const rank = (verdict: Verdict) => verdicts.indexOf(verdict);

/** Failures, what is not known, warnings; within each what explains the most probes first. */
export function worstFindings(findings: readonly CheckFinding[]): CheckFinding[] {
  return findings.toSorted(
    (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity) || other.failed - one.failed,
  );
}

/** Absent, Outdated, OK; else as they were. */
export function worstNodes(nodes: readonly CheckNode[]): CheckNode[] {
  return nodes.toSorted((one, other) => states.indexOf(one.state) - states.indexOf(other.state));
}

/** Fail, error, inconclusive, unsupported, pass; else as they were. */
export function worstServices(services: readonly CheckService[]): CheckService[] {
  return services.toSorted((one, other) => rank(one.verdict) - rank(other.verdict));
}

const failedShare = ({ sent, failed }: CheckCell) => (sent === 0 ? 0 : failed / sent);

/** By verdict, then by the share that failed, then by the longest time. */
export function worstCells(cells: readonly CheckCell[]): CheckCell[] {
  return cells.toSorted(
    (one, other) =>
      rank(one.verdict) - rank(other.verdict) ||
      failedShare(other) - failedShare(one) ||
      (other.maxMs ?? 0) - (one.maxMs ?? 0),
  );
}
