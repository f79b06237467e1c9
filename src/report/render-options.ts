// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../model/report.js';
import type { Verdict } from '../model/verdict.js';

/** How a report is shown. Nothing here changes what is said, only how it looks. */
export interface RenderOptions {
  /** Display columns that a line may take; Infinity where there is no terminal. Formats for programs ignore it. */
  width: number;
  /** Whether verdicts are coloured with ANSI sequences. */
  color: boolean;
  /** Whether tables and CSV begin with a line of column names (`--no-headers` is false). */
  headers: boolean;
  /** Verdicts that do not count (`--ignore`): JUnit and TAP call such tests skipped. */
  ignore?: readonly Verdict[];
}

/** A report as text that ends with a line break, or is empty where there is nothing to say. */
export type Renderer = (report: Report, options: RenderOptions) => string;
