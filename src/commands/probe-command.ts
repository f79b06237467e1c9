// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { Report } from '../model/report.js';
import type { Verdict } from '../model/verdict.js';
import { Failure } from '../errors/failure.js';
import { exitCodeOf } from '../report/exit-code.js';
import { renderReport, type ReportFormat } from '../report/render-report.js';
import type { RunObserver } from '../runs/tool.js';
import { clusterOptions, type KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { Progress } from './progress.js';
import { terminalOf, wantsColor, type ColorMode } from './terminal.js';

/** The flags that every verb with a report has, as they were parsed. */
export interface ReportFlags extends KubernetesFlagValues {
  output: string;
  'no-headers': boolean;
  color: string;
  ignore?: string | undefined;
  'exit-zero-on-failure': boolean;
  timeout: number;
}

const ignorable = new Set<string>(['unsupported', 'inconclusive']);

/** The verdicts of `--ignore`. Throws Failure `usage`: failures and errors always count. */
export function parseIgnored(text: string | undefined): Verdict[] {
  const words = text === undefined ? [] : text.split(',').map((word) => word.trim());
  for (const word of words) {
    if (!ignorable.has(word)) {
      throw new Failure('usage', `invalid value "${word}" for --ignore`, {
        hint: 'only unsupported and inconclusive can be ignored',
      });
    }
  }
  return words as Verdict[];
}

/** Prints a report in the format that was asked for, as wide as the terminal. */
export async function printReport(report: Report, flags: ReportFlags): Promise<void> {
  const { width } = terminalOf(process.stdout);
  const color = wantsColor(flags.color as ColorMode, process.stdout);
  const text = await renderReport(report, flags.output as ReportFormat, {
    width,
    color,
    headers: !flags['no-headers'],
  });
  process.stdout.write(text);
}

/**
 * The frame of a verb that makes tests: connects, lets signals and `--timeout` end the run, shows progress on stderr,
 * prints the report and sets the exit code.
 */
export async function reportRun(
  flags: ReportFlags & { watch?: boolean },
  run: (cluster: Cluster, context: { signal: AbortSignal; observer: RunObserver }) => Promise<Report>,
): Promise<void> {
  const ignore = parseIgnored(flags.ignore);
  const { connectCluster } = await import('../kube/connect.js');
  const { watch = false } = flags;
  // Watching has no end of its own, and a view in the spinner's place.
  const limits = limitRun(watch ? undefined : flags.timeout);
  const progress = new Progress(process.stderr.isTTY && !watch);
  const observer: RunObserver = {
    notice: (line) => progress.line(line),
    progress: (text) => progress.update(text),
  };
  let cluster: Cluster | undefined;
  try {
    cluster = await connectCluster(clusterOptions(flags));
    const report = await run(cluster, { signal: limits.signal, observer });
    progress.stop();
    await printReport(report, flags);
    process.exitCode = exitCodeOf(report, {
      interrupted: limits.interrupted(),
      ignore,
      exitZeroOnFailure: flags['exit-zero-on-failure'],
    });
  } finally {
    progress.stop();
    limits.dispose();
    cluster?.close();
  }
}
