// SPDX-License-Identifier: Apache-2.0
import { connectCluster } from '../kube/connect.js';
import type { PreflightReport } from '../model/preflight.js';
import type { PermissionVerb } from '../permissions/needs.js';
import { preflight } from '../preflight/preflight.js';
import { renderPreflight } from '../report/preflight.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { objectText } from './object-text.js';
import { Progress } from './progress.js';
import { terminalOf, wantsColor, type ColorMode } from './terminal.js';

/** The flags of `preflight`, as they were parsed. */
export interface PreflightFlags extends KubernetesFlagValues {
  for?: string[] | undefined;
  image: string;
  container?: string | undefined;
  'no-exec': boolean;
  'probe-pod': boolean;
  output: string;
  'no-headers': boolean;
  color: string;
}

function textOf(report: PreflightReport, flags: PreflightFlags): string | Promise<string> {
  if (flags.output !== 'table') return objectText(report, flags.output);
  const color = wantsColor(flags.color as ColorMode, process.stdout);
  return renderPreflight(report, { width: terminalOf(process.stdout).width, color, headers: !flags['no-headers'] });
}

/** 3 where a permission or the cluster fails us, 5 where it cannot be done here, else 0; warnings do not count. */
export function preflightExitCode({ checks }: PreflightReport): number {
  const causes = checks.filter(({ status }) => status === 'failed').map(({ cause }) => cause);
  if (causes.some((cause) => cause !== 'unsupported')) return 3;
  return causes.length > 0 ? 5 : 0;
}

/** `preflight`: flags to a list of checks. */
export async function preflightCommand(flags: PreflightFlags): Promise<void> {
  const limits = limitRun(undefined);
  const progress = new Progress(process.stderr.isTTY);
  const cluster = await connectCluster(clusterOptions(flags));
  try {
    progress.update('looking whether it can work');
    const commands = (flags.for ?? ['ping', 'connect']) as PermissionVerb[];
    const entry = {
      ownContainer: flags.container !== undefined,
      noExec: flags['no-exec'],
      probePod: flags['probe-pod'],
    };
    const report = await preflight(cluster, { commands, image: flags.image, entry, signal: limits.signal });
    progress.stop();
    process.stdout.write(await textOf(report, flags));
    process.exitCode = preflightExitCode(report);
  } finally {
    progress.stop();
    limits.dispose();
    cluster.close();
  }
}
