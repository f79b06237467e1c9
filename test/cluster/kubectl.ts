// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { kubeconfigOf } from './kubeconfigs.js';
import type { ClusterPaths } from './paths.js';
import { runCommand } from './run-command.js';

/** Runs kubectl as the cluster's admin and gives its stdout; rejects with the end of its stderr unless it exits with 0. */
export function kubectlOf(paths: ClusterPaths): (args: string[], stdin?: string) => Promise<string> {
  const kubeconfig = `--kubeconfig=${kubeconfigOf('admin', paths)}`;
  return (args, stdin) =>
    runCommand(join(paths.kubectl, 'kubectl'), [kubeconfig, ...args], stdin === undefined ? {} : { stdin });
}
