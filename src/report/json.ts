// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../model/check.js';
import type { ReportDiff } from '../model/report-diff.js';
import type { Report } from '../model/report.js';

/** Characters that JSON may hold as they are and a terminal may obey: DEL, C1 controls, bidirectional and invisible ones. */
const terminalControls = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** `-o json`: the contract of plugins-manifest/schemas (report.v1.json, report-diff.v1.json, check.v1.json), indented by two spaces. The data is not changed. */
export function renderJson(report: Report | ReportDiff | CheckReport): string {
  const escaped = JSON.stringify(report, null, 2).replace(
    terminalControls,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${escaped}\n`;
}
