// SPDX-License-Identifier: Apache-2.0
import { goList, goString, goStruct } from './go-json.js';

/** What is known of the last report of an agent. */
export interface LastReport {
  /** As the agent says. */
  intervalMs: number;
  /** Since its receipt, by our own clock; after a restart since we began. */
  ageMs: number;
}

/** Names of agents' pods; sorted, where the seed has the order of a Go map. */
export interface Connectivity {
  absent: string[];
  outdated: string[];
}

/** Absent: a pod without a report. Outdated: no report for more than two of its intervals. */
export function connectivityOf(
  pods: Iterable<string>,
  lastReport: (name: string) => LastReport | undefined,
): Connectivity {
  const absent: string[] = [];
  const outdated: string[] = [];
  for (const name of [...pods].sort()) {
    const last = lastReport(name);
    if (last === undefined) absent.push(name);
    else if (last.ageMs > 2 * last.intervalMs) outdated.push(name);
  }
  return { absent, outdated };
}

/** The body of `connectivity_check`; lists are nil where all is well. The names are upper case because the seed's are. */
export function connectivityText({ absent, outdated }: Connectivity, reporting: number): string {
  const isWell = absent.length + outdated.length === 0;
  const message = isWell
    ? `All agents report; the server holds the reports of ${reporting}.`
    : 'Some agents do not report: Absent has those that never did, Outdated those that stopped.';
  return goStruct([
    ['Message', goString(message)],
    ['Absent', goList(isWell ? null : absent, goString)],
    ['Outdated', goList(isWell ? null : outdated, goString)],
  ]);
}

/** Whether one more missing report is to be counted: the first after two whole intervals, then one an interval. */
export function isMissing({ intervalMs, ageMs }: LastReport, counted: number): boolean {
  return intervalMs > 0 && Math.floor(ageMs / intervalMs) > counted + 1;
}
