// SPDX-License-Identifier: Apache-2.0
import type { CheckReport } from '../../model/check.js';
import type { CheckRenderOptions } from './options.js';

export { checkExitCode } from './exit-code.js';

/** The words that `check -o` takes. */
export const checkFormats = ['table', 'wide', 'json', 'yaml', 'junit', 'html'] as const;
export type CheckFormat = (typeof checkFormats)[number];

type CheckRenderer = (report: CheckReport, options: CheckRenderOptions) => string;

/** Each format is a module of its own, loaded when it is asked for. */
const loadRenderer: Record<CheckFormat, () => Promise<CheckRenderer>> = {
  table: async () => (await import('./table.js')).renderCheckTable,
  wide: async () => (await import('./wide.js')).renderCheckWide,
  json: async () => (await import('../json.js')).renderJson,
  yaml: async () => (await import('../yaml.js')).renderYaml,
  junit: async () => (await import('./junit.js')).renderCheckJunit,
  html: async () => (await import('./html.js')).renderCheckHtml,
};

/** A cluster's report in one format, as text that ends with a line break. */
export async function renderCheck(
  report: CheckReport,
  format: CheckFormat,
  options: CheckRenderOptions,
): Promise<string> {
  const render = await loadRenderer[format]();
  return render(report, options);
}
