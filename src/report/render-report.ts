// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../model/report.js';
import type { Renderer, RenderOptions } from './render-options.js';

/** The words that `-o` takes. */
export const reportFormats = ['table', 'wide', 'json', 'yaml', 'csv', 'junit', 'tap', 'html', 'name'] as const;

export type ReportFormat = (typeof reportFormats)[number];

/** Each format is a module of its own, loaded when it is asked for: cli-table3, chalk, js-yaml and the JUnit writer cost start-up time. */
const loadRenderer: Record<ReportFormat, () => Promise<Renderer>> = {
  table: async () => (await import('./table.js')).renderTable,
  wide: async () => (await import('./wide.js')).renderWide,
  json: async () => (await import('./json.js')).renderJson,
  yaml: async () => (await import('./yaml.js')).renderYaml,
  csv: async () => (await import('./csv.js')).renderCsv,
  junit: async () => (await import('./junit.js')).renderJunit,
  tap: async () => (await import('./tap.js')).renderTap,
  html: async () => (await import('./html/html.js')).renderHtml,
  name: async () => (await import('./name.js')).renderName,
};

/** The report in one format, as text that ends with a line break (empty where there is nothing to say). */
export async function renderReport(report: Report, format: ReportFormat, options: RenderOptions): Promise<string> {
  const render = await loadRenderer[format]();
  return render(report, options);
}
