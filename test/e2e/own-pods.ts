// SPDX-License-Identifier: Apache-2.0
import { createReady, madePod } from './kubectl.js';

const used = new Set<string>();

/**
 * Said by a test at its beginning of pods that createReady has made for it alone. Where the test is tried again they are made
 * anew: what its last try added to them, or that it deleted them, is nothing to do with this one.
 */
export async function ownPods(namespace: string, ...names: string[]): Promise<void> {
  const again = names.filter((name) => used.has(`${namespace}/${name}`));
  for (const name of names) used.add(`${namespace}/${name}`);
  if (again.length > 0) await createReady(namespace, ...again.map((name) => madePod(namespace, name)));
}
