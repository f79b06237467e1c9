// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { Result } from '../model/report.js';
import { explainPolicies, type TriedConnection } from '../policies/explain-policies.js';
import type { PolicyReader } from '../policies/policy-reader.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import { needsControl, reached } from './verdict.js';

/** Reasons that a policy may stand behind: dropped, or rejected in one of the ways that firewalls have. */
const mayBeDenied: ReadonlySet<Reason> = new Set([
  'NoReply',
  'TimedOut',
  'Silent',
  'HostUnreachable',
  'Prohibited',
  'Refused',
]);

/** Results, some of them with what policies say of them, and that in lines that results share, by the results' ids. */
export interface ExplainedResults {
  results: Result[];
  lines: ReadonlyMap<string, readonly string[]>;
}

/** What only some of the attempts have reached: policies may stand before the other endpoints. */
const reachedByFew: ReadonlySet<Reason> = new Set(['PacketLoss', 'SomeAttemptsFailed']);

/** What was to be reached and was is no matter of policies, whatever else is wrong with it: a status, a figure. */
function isReachedAsExpected({ expect, reason, verdict }: Result): boolean {
  return expect === 'allow' && (verdict === 'pass' || (reached(reason) && !reachedByFew.has(reason)));
}

function triedConnection(
  { source, destination }: Test,
  { reason, resolvedAddress, facts }: Measurement,
): TriedConnection | undefined {
  const answered = reached(reason) || (facts?.received ?? 0) > 0;
  if (!answered && !needsControl(reason)) return undefined;
  return {
    source,
    destination,
    resolvedAddress,
    reached: answered ? true : mayBeDenied.has(reason) ? false : undefined,
  };
}

/**
 * Adds what the text of the NetworkPolicies says to the results that were not reached or were to be denied, as far as anything
 * was sent. `tests` are those that were made, in the place of sources also by probe pods.
 */
export async function explainResults(
  reader: PolicyReader,
  tests: readonly Test[],
  results: readonly Result[],
  measured: ReadonlyMap<number, Measurement>,
): Promise<ExplainedResults> {
  const byId = new Map(tests.map((test) => [`r${test.index + 1}`, test]));
  const tried = results.flatMap((result) => {
    const { id } = result;
    const test = byId.get(id);
    const measurement = test && measured.get(test.index);
    if (test === undefined || measurement === undefined || isReachedAsExpected(result)) return [];
    const connection = triedConnection(test, measurement);
    return connection === undefined ? [] : [{ id, connection }];
  });
  const connections = tried.map(({ connection }) => connection);
  const found = await explainPolicies(reader, connections);
  const explained = new Map(tried.flatMap(({ id }, place) => (found[place] === undefined ? [] : [[id, found[place]]])));
  return {
    results: results.map((result) => {
      const policies = explained.get(result.id)?.explanation;
      return policies === undefined ? result : { ...result, policies };
    }),
    lines: new Map([...explained].map(([id, { lines }]) => [id, lines])),
  };
}
