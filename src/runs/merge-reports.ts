// SPDX-License-Identifier: Apache-2.0
import { reportApiVersion, type Hint, type Report, type Result } from '../model/report.js';
import { summarize } from '../model/summary.js';

/** One text is one hint, however many parts it comes from. */
function mergeHints(hints: readonly Hint[]): Hint[] {
  const byText = new Map<string, Hint>();
  for (const hint of hints) {
    const { text, results } = hint;
    byText.set(text, { ...hint, results: [...(byText.get(text)?.results ?? []), ...results] });
  }
  return [...byText.values()];
}

/** The reports of a run's parts as one, in their order; results are numbered anew. */
export function mergeReports(
  reports: readonly Pick<Report, 'warnings' | 'results' | 'hints' | 'notMade'>[],
  run: { command: string; startedAt: Date; startedMs: number },
): Report {
  const results: Result[] = [];
  const hints: Hint[] = [];
  for (const report of reports) {
    const ids = new Map<string, string>();
    for (const result of report.results) {
      const id = `r${results.length + 1}`;
      ids.set(result.id, id);
      results.push({ ...result, id });
    }
    for (const hint of report.hints) {
      const kept = hint.results.flatMap((id) => ids.get(id) ?? []);
      if (kept.length > 0) hints.push({ ...hint, results: kept });
    }
  }
  const notMade = reports.flatMap((report) => report.notMade ?? []);
  return {
    apiVersion: reportApiVersion,
    kind: 'Report',
    command: run.command,
    startedAt: run.startedAt.toISOString(),
    durationMs: Math.round(performance.now() - run.startedMs),
    warnings: [...new Set(reports.flatMap(({ warnings }) => warnings))],
    summary: summarize(results),
    results,
    hints: mergeHints(hints),
    ...(notMade.length === 0 ? {} : { notMade }),
  };
}
