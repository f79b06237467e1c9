// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { removeAgents } from '../injection/agents/remove-agents.js';
import { connectCluster } from '../kube/connect.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { Progress } from './progress.js';

/** The flags of `inject uninstall`, as they were parsed. */
export interface InjectUninstallFlags extends KubernetesFlagValues {
  force: boolean;
}

/** `inject uninstall`: removes the agents and all that belongs to them. */
export async function injectUninstallCommand(words: string[], flags: InjectUninstallFlags): Promise<void> {
  if (words.length > 0) throw new Failure('usage', `unexpected argument: ${words[0] ?? ''}`);
  const limits = limitRun(undefined);
  const progress = new Progress(process.stderr.isTTY);
  const cluster = await connectCluster(clusterOptions(flags));
  try {
    progress.update('removing the agents');
    const deleted = await removeAgents(cluster, {
      force: flags.force,
      say: (line) => process.stdout.write(`${line}\n`),
      signal: limits.signal,
    });
    progress.stop();
    if (deleted === 0) process.stderr.write('No agents found.\n');
  } finally {
    progress.stop();
    limits.dispose();
    cluster.close();
  }
}
