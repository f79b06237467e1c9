// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeEach } from 'vitest';
import { bootOfNode2 } from '../cluster/node2/recovery.js';
import { createNamespace, deleteNamespace } from '../e2e/kubectl.js';

/**
 * Makes what the tests of a file share, in a namespace of its own: before the first of them, and again where that failed or
 * node2 was booted anew since, with which its pods are gone. What a beforeAll makes would be made once, whatever happens to it.
 */
export function onEachBoot(prefix: string, make: (namespace: string) => Promise<void>): void {
  let namespace: string | undefined;
  let madeOn: string | undefined;
  const unmake = async () => {
    if (namespace !== undefined) await deleteNamespace(namespace);
    namespace = undefined;
  };
  beforeEach(async () => {
    const boot = await bootOfNode2();
    if (boot === madeOn) return;
    await unmake();
    namespace = await createNamespace(prefix);
    await make(namespace);
    madeOn = boot;
  }, 500_000);
  afterAll(unmake);
}
