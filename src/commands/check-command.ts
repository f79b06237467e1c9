// SPDX-License-Identifier: Apache-2.0
import { prepareOnce, requireOnceAccess } from '../check/once/prepare-once.js';
import type { OncePlan } from '../check/once/once-plan.js';
import { runOnce } from '../check/once/run-once.js';
import type { Cluster } from '../kube/cluster.js';
import { connectCluster } from '../kube/connect.js';
import type { CheckReport } from '../model/check.js';
import { checkExitCode, renderCheck, type CheckFormat } from '../report/check/render-check.js';
import { CheckLimits, removeCheck } from './check-removal.js';
import { obtainConsent } from './check-consent.js';
import { printDryRun, refuseForDryRun } from './check-dry-run.js';
import { onceRequest } from './check-request.js';
import type { CheckFlags } from './flags/check.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { parseIgnored, type ReportOutputFlags } from './probe-command.js';
import { Progress } from './progress.js';
import { reportFiles, writeFiles, type ReportFile } from './report-files.js';
import { terminalOf, wantsColor, type ColorMode } from './terminal.js';

/** The flags of `check`, as they were parsed. */
export interface CheckOnceFlags extends KubernetesFlagValues, ReportOutputFlags, CheckFlags {
  yes: boolean;
  timeout: number;
  'dry-run': string;
}

/** The plan that is consented to; undefined where nothing is to be done. */
async function plan(cluster: Cluster, flags: CheckOnceFlags, progress: Progress): Promise<OncePlan | undefined> {
  const limits = limitRun(undefined);
  const { signal } = limits;
  try {
    progress.update('looking at nodes');
    const prepared = await prepareOnce(cluster, onceRequest(flags), signal);
    if (flags['dry-run'] === 'client') {
      progress.stop();
      await printDryRun(prepared, flags.output);
      return undefined;
    }
    await requireOnceAccess(cluster, prepared, signal);
    progress.stop();
    await obtainConsent(prepared, { yes: flags.yes, signal });
    return prepared;
  } finally {
    limits.dispose();
  }
}

async function deliver(report: CheckReport, flags: CheckOnceFlags, files: readonly ReportFile[]): Promise<void> {
  const ignore = parseIgnored(flags.ignore);
  const text = await renderCheck(report, flags.output as CheckFormat, {
    width: terminalOf(process.stdout).width,
    color: wantsColor(flags.color as ColorMode, process.stdout),
    headers: !flags['no-headers'],
    ignore,
  });
  process.stdout.write(text);
  const inFile = { width: Number.POSITIVE_INFINITY, color: false, headers: true, ignore };
  await writeFiles(files, (format) => renderCheck(report, format as CheckFormat, inFile));
}

/** `check`: flags to a verdict about the cluster's network, with everything removed again. */
export async function checkCommand(flags: CheckOnceFlags): Promise<void> {
  parseIgnored(flags.ignore);
  if (flags['dry-run'] === 'client') refuseForDryRun(flags.output);
  onceRequest(flags);
  const files = await reportFiles(flags);
  const cluster = await connectCluster(clusterOptions(flags));
  try {
    const asking = new Progress(process.stderr.isTTY);
    const consented = await plan(cluster, flags, asking).finally(() => asking.stop());
    if (consented !== undefined) await checkAndRemove(cluster, consented, flags, files);
  } finally {
    cluster.close();
  }
}

async function checkAndRemove(
  cluster: Cluster,
  consented: OncePlan,
  flags: CheckOnceFlags,
  files: readonly ReportFile[],
): Promise<void> {
  const limits = new CheckLimits(consented.timeoutMs);
  let progress = new Progress(process.stderr.isTTY);
  const names: string[] = [];
  let isSure = false;
  let isRemoved = true;
  try {
    try {
      const report = await runOnce(cluster, consented, {
        signal: limits.run.signal,
        observer: { progress: (text) => progress.update(text), onNamespace: (name) => names.push(name) },
      });
      isSure = true;
      progress.stop();
      process.exitCode = checkExitCode(report, {
        ignore: parseIgnored(flags.ignore),
        exitZeroOnFailure: flags['exit-zero-on-failure'],
      });
      await deliver(report, flags, files);
    } finally {
      const signal = limits.removal;
      progress.stop();
      progress = new Progress(process.stderr.isTTY);
      isRemoved = await removeCheck(cluster, { names, isSure }, { signal, progress });
    }
  } finally {
    progress.stop();
    const { interrupted } = limits;
    limits.dispose();
    if (interrupted) process.exitCode = 130;
    else if (!isRemoved) process.exitCode = 3;
  }
}
