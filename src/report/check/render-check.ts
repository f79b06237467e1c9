// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../../model/check.js';
import type { RenderOptions } from '../render-options.js';

/** The words that `check -o` takes. */
export const checkFormats = ['table', 'wide', 'json', 'yaml', 'junit', 'html'] as const;
export type CheckFormat = (typeof checkFormats)[number];

/** A cluster's report in one format, as text that ends with a line break. */
export function renderCheck(_report: CheckReport, _format: CheckFormat, _options: RenderOptions): Promise<string> {
  throw new Error('not built yet');
}

/** 1 where something failed, 3 error, 4 inconclusive, 5 unsupported, else 0. */
export function checkExitCode(_report: CheckReport): number {
  throw new Error('not built yet');
}
