// SPDX-License-Identifier: Apache-2.0
import type { Report, Result } from '../model/report.js';
import { verdicts } from '../model/verdict.js';
import { groupBy, sourceKey } from './destination-label.js';
import { stableDestination, stableSource } from './test-name.js';

/** One test in the old report, the new one, or both. */
export interface ResultPair {
  old?: Result;
  new?: Result;
}

/** What a test is whatever pods it was made with. */
function subjectOf({ suite, test, probe, expect, destination }: Result): unknown[] {
  return [suite, test, probe, expect, destination.ref, destination.kind, destination.port, destination.protocol];
}

const withoutFamily = (text: string) => text.replace(' over IPv6', '');

/** What has to agree for two results to be of one test: everything at first, then without what a new pod changes. */
const keys: ((result: Result) => unknown[])[] = [
  (result) => {
    const { namespace, name, address } = result.destination;
    return [...subjectOf(result), sourceKey(result.source), stableDestination(result), namespace, name, address];
  },
  (result) => {
    const { namespace, name } = result.destination;
    return [...subjectOf(result), sourceKey(result.source), stableDestination(result), namespace, name];
  },
  (result) => [...subjectOf(result), stableSource(result), stableDestination(result)],
  // A name that does not resolve any more has no family.
  (result) => [...subjectOf(result), stableSource(result), withoutFamily(stableDestination(result))],
];

/** Replicas have no order: the bad ones of both reports are held against each other, so that only a change is one. */
function byOutcome(results: readonly Result[]): Result[] {
  const rank = ({ verdict }: Result) => verdicts.indexOf(verdict);
  const time = ({ rttMs }: Result) => rttMs?.p95 ?? rttMs?.p50 ?? 0;
  return results.toSorted(
    (one, other) =>
      rank(one) - rank(other) || (other.lossPercent ?? 0) - (one.lossPercent ?? 0) || time(other) - time(one),
  );
}

/**
 * The results of two reports by what they tested: pods that were replaced and addresses that changed are the same test
 * where a reference, or a name without its made-up end, says so. In the order of the old report, then what is new.
 */
export function pairResults(old: Report, next: Report): ResultPair[] {
  const newOf = new Map<Result, Result>();
  let left = { old: [...old.results], new: [...next.results] };
  for (const key of keys) {
    const keyText = (result: Result) => JSON.stringify(key(result));
    const groups = new Map(groupBy(left.new, keyText).map((group) => [keyText(group[0] as Result), byOutcome(group)]));
    const taken = new Set<Result>();
    for (const group of groupBy(left.old, keyText)) {
      const others = groups.get(keyText(group[0] as Result)) ?? [];
      for (const [index, result] of byOutcome(group).entries()) {
        const other = others[index];
        if (other === undefined) break;
        newOf.set(result, other);
        taken.add(other);
      }
    }
    left = {
      old: left.old.filter((result) => !newOf.has(result)),
      new: left.new.filter((result) => !taken.has(result)),
    };
  }
  return [
    ...old.results.map((result): ResultPair => {
      const other = newOf.get(result);
      return other === undefined ? { old: result } : { old: result, new: other };
    }),
    ...left.new.map((result): ResultPair => ({ new: result })),
  ];
}
