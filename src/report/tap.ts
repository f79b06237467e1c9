// SPDX-License-Identifier: Apache-2.0
import { dump } from 'js-yaml';
import type { Report, Result } from '../model/report.js';
import { factsOf, hintsByResult } from './explanation.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { uniqueTestNames, whyNotMade } from './test-name.js';

/** A description must not hold what begins a directive, nor the character that escapes it. */
function escaped(text: string): string {
  return text.replace(/[\\#]/g, '\\$&');
}

/** A YAML block below its test point, indented by two. */
function diagnostics(result: Result, hints: readonly string[]): string[] {
  const { id, verdict, reason, lossPercent } = result;
  const document = {
    message: plainText(result.message),
    severity: verdict,
    reason,
    id,
    ...(lossPercent === undefined ? {} : { lossPercent }),
    ...Object.fromEntries(factsOf(result)),
    ...(hints.length === 0 ? {} : { hints }),
  };
  const lines = dump(document, { lineWidth: -1, noRefs: true }).trimEnd().split('\n');
  return ['---', ...lines, '...'].map((line) => `  ${line}`);
}

/**
 * `-o tap`: TAP version 14 (testanything.org). pass is `ok`; fail, error and inconclusive are `not ok`; unsupported and
 * what `--ignore` names are skipped, as are tests that were left out. A run that was interrupted bails out at its end.
 */
export function renderTap(report: Report, { ignore = [] }: Pick<RenderOptions, 'ignore'>): string {
  const { results, notMade = [] } = report;
  const hints = hintsByResult(report);
  const names = uniqueTestNames(results);
  const points = results.flatMap((result, index) => {
    const { verdict, message, reason } = result;
    const point = `${index + 1} - ${escaped(names[index] ?? result.id)}`;
    if (verdict === 'pass') return [`ok ${point}`];
    if (verdict === 'unsupported' || ignore.includes(verdict)) {
      return [`ok ${point} # SKIP ${escaped(`${verdict}: ${plainText(message) || reason}`)}`];
    }
    return [`not ok ${point}`, ...diagnostics(result, hints.get(result.id) ?? [])];
  });
  const leftOut = notMade.map(
    ({ test }, index) =>
      `ok ${Math.max(1, results.length) + index + 1} - ${escaped(plainText(test))} # SKIP ${whyNotMade}`,
  );
  const interrupted = results.filter(({ reason }) => reason === 'Interrupted').length;
  return [
    'TAP version 14',
    `1..${Math.max(1, results.length) + notMade.length}`,
    ...report.warnings.map((warning) => `# Warning: ${plainText(warning)}`),
    ...points,
    ...leftOut,
    // An empty plan is a success to every reader, and nothing was shown.
    ...(results.length === 0 ? ['not ok 1 - no test was made'] : []),
    ...(interrupted > 0 ? [`Bail out! interrupted: ${interrupted} of ${results.length} tests were not made`] : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
