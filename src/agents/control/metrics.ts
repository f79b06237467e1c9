// SPDX-License-Identifier: Apache-2.0
import { printPage } from './print-page.js';

/** `control metrics`: what the prober of this container answers on `/metrics`. */
export async function run(): Promise<void> {
  await printPage('/metrics');
}
