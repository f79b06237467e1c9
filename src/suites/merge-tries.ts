// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../model/report.js';
import type { TestReport } from './test-report.js';

/** What the end of the run did to a test, and not the network. */
const isCutShort = ({ reason }: Result) => reason === 'Interrupted' || reason === 'DeadlineExceeded';

/** What is known of the tests after one more try of those that did not pass: `retried` by their ids; `tries` counts the first. */
export function withNext(
  report: TestReport,
  next: TestReport,
  retried: ReadonlySet<string>,
  tries: number,
): TestReport {
  const byId = new Map(next.results.map((result) => [result.id, { ...result, tries }]));
  const results = report.results.flatMap((result) => {
    const again = byId.get(result.id);
    // A name that has got an address of the other family is no failure of this one.
    if (again === undefined) return retried.has(result.id) ? [] : [result];
    return [isCutShort(again) ? result : again];
  });
  const failed = new Map(
    results.flatMap((result) => (result.verdict === 'pass' ? [] : [[result.id, result] as const])),
  );
  // Each hint is of the try that counts.
  const isOfNext = (id: string) => byId.get(id) === failed.get(id);
  const ofFailed = ({ hints }: TestReport, counts: (id: string) => boolean) =>
    hints.map((hint) => ({ ...hint, results: hint.results.filter((id) => failed.has(id) && counts(id)) }));
  const hints = [...ofFailed(report, (id) => !isOfNext(id)), ...ofFailed(next, isOfNext)].filter(
    (hint) => hint.results.length > 0,
  );
  return { warnings: [...report.warnings, ...next.warnings], results, hints };
}
