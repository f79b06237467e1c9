// SPDX-License-Identifier: Apache-2.0
import type { ToolOptions } from '../runs/tool.js';

/** What is the same for all tests of a run. */
export interface SuiteRunOptions {
  tool: ToolOptions;
  concurrency: number;
  /** More pods are not entered. */
  maxPods: number;
  signal: AbortSignal;
  /** Tests that name what is not there are left out with a warning, as long as others are left. */
  leaveOutAbsent?: boolean;
}
