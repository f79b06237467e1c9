// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { netmachinery, type CliOptions, type CliResult } from './cli.js';
import { idleProcesses, processesOnce } from './kubectl.js';

/** Runs the plugin and, once `begun` is true, does something to its world. Throws when it ends before that. */
export async function during(
  args: readonly string[],
  begun: () => Promise<boolean>,
  act: () => unknown,
  options: CliOptions = {},
): Promise<CliResult> {
  const running = netmachinery(args, options);
  let early: CliResult | undefined;
  void running.then((result) => (early = result));
  while (!(await begun())) {
    await sleep(20);
    if (early !== undefined) {
      throw new Error(`ended by itself (exit code ${String(early.exitCode)}):\n${early.stdout}${early.stderr}`);
    }
  }
  await act();
  return running;
}

/** Whether a pod's first tool container works, for a second by then: something has been measured. */
export function hasWorked(namespace: string, pod: string): () => Promise<boolean> {
  return async () => {
    const names = await processesOnce(namespace, pod, 'working');
    if (names.length <= idleProcesses.length) return false;
    await sleep(1000);
    return true;
  };
}
