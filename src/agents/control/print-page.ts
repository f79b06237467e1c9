// SPDX-License-Identifier: Apache-2.0
import { defaultMetricsPort } from '../../model/prober.js';
import { askPage } from '../ask-page.js';

const limitMs = 10_000;

/** Copies a page of the metrics port of this container's prober to stdout. Throws Failure(tool) when it does not answer well. */
export async function printPage(path: string): Promise<void> {
  const port = Number(process.env['HTTP_PROMETHEUS_PORT'] ?? '') || defaultMetricsPort;
  const page = await askPage({ who: 'the prober', host: 'localhost', port, path, limitMs });
  await new Promise<void>((resolve) => {
    process.stdout.write(page, () => resolve());
  });
}
