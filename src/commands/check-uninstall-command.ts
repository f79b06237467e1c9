// SPDX-License-Identifier: Apache-2.0
import { uninstallCheck } from '../check/install/uninstall.js';
import { Failure } from '../errors/failure.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { withCluster } from './with-cluster.js';

/** The flags of `check uninstall`, as they were parsed. Times in ms. */
export interface CheckUninstallFlags extends KubernetesFlagValues {
  timeout: number;
  'no-wait': boolean;
}

/** `check uninstall`: removes an installed check and all that belongs to it. */
export async function checkUninstallCommand(words: string[], flags: CheckUninstallFlags): Promise<void> {
  if (words.length > 0) throw new Failure('usage', `unexpected argument: ${words[0] ?? ''}`);
  await withCluster(flags, async (cluster, signal, progress) => {
    progress.update('removing the check');
    const { deleted, left } = await uninstallCheck(cluster, {
      wait: !flags['no-wait'],
      timeoutMs: flags.timeout,
      onDeleted: (line) => process.stdout.write(`${line}\n`),
      say: (line) => progress.line(line),
      progress: (text) => progress.update(text),
      signal,
    });
    progress.stop();
    if (deleted === 0) process.stderr.write('No check is installed.\n');
    if (left.length > 0) {
      throw new Failure('cluster', `still being deleted after ${flags.timeout / 1000} s: ${left.join(', ')}`, {
        hint: 'kubectl describe tells what they wait for; the same command waits again',
      });
    }
  });
}
