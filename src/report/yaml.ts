// SPDX-License-Identifier: Apache-2.0
import { dump } from 'js-yaml';
import type { CheckReport } from '../model/check.js';
import type { ReportDiff } from '../model/report-diff.js';
import type { Report } from '../model/report.js';

/** `-o yaml`: the same values as `-o json`. js-yaml writes characters that are not printable as escapes. */
export function renderYaml(report: Report | ReportDiff | CheckReport): string {
  return dump(report, { lineWidth: -1, noRefs: true, skipInvalid: true });
}
