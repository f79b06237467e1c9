// SPDX-License-Identifier: Apache-2.0
import { printPage } from './print-page.js';

/** `control recent [QUERY]`: what the prober of this container answers on `/recent`; QUERY as in a URL: `sinceMs=30000`. */
export async function run([query]: string[]): Promise<void> {
  await printPage(query === undefined ? '/recent' : `/recent?${new URLSearchParams(query).toString()}`);
}
