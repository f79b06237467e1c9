// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { Report } from '../model/report.js';
import type { Verdict } from '../model/verdict.js';
import { Failure } from '../errors/failure.js';
import { exitCodeOf } from '../report/exit-code.js';
import { renderReport, type ReportFormat } from '../report/render-report.js';
import type { RunObserver } from '../runs/tool.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { Progress } from './progress.js';
import { reportFiles, writeReportFiles, type ReportFile, type ReportFileFlags } from './report-files.js';
import { terminalOf, wantsColor, type ColorMode } from './terminal.js';

/** The flags of how a report is shown, as they were parsed. */
export interface ReportOutputFlags extends ReportFileFlags {
  output: string;
  'no-headers': boolean;
  color: string;
  ignore?: string | undefined;
  'exit-zero-on-failure': boolean;
}

/** The flags that every verb with a report has, as they were parsed. */
export interface ReportFlags extends KubernetesFlagValues, ReportOutputFlags {
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
export async function printReport(report: Report, flags: ReportOutputFlags): Promise<void> {
  const { width } = terminalOf(process.stdout);
  const color = wantsColor(flags.color as ColorMode, process.stdout);
  const text = await renderReport(report, flags.output as ReportFormat, {
    width,
    color,
    headers: !flags['no-headers'],
    ignore: parseIgnored(flags.ignore),
  });
  process.stdout.write(text);
}

/**
 * Prints a report and writes it to the files that `reportFiles` has found before. Throws Failure `tool` where one could
 * not be written; the report is on stdout then.
 */
export async function deliverReport(
  report: Report,
  flags: ReportOutputFlags,
  files: readonly ReportFile[],
): Promise<void> {
  await printReport(report, flags);
  await writeReportFiles(report, files, { ignore: parseIgnored(flags.ignore) });
}

/** What a run shows while it goes on, on stderr. */
export interface RunDisplay {
  /** A whole line that stays. */
  line(text: string): void;
  /** What the run is doing; the last one counts. */
  update(text: string): void;
  stop(): void;
}

/**
 * The frame of a verb that makes tests: connects, lets signals and `--timeout` end the run, shows progress on stderr,
 * prints the report, writes it to files, and sets the exit code. A run without a report has shown what there was, and was
 * ended from outside. `lastWords` are said when a second signal ends it at once. Throws Failure.
 */
export async function reportRun(
  flags: ReportFlags & { watch?: boolean },
  run: (cluster: Cluster, context: { signal: AbortSignal; observer: RunObserver }) => Promise<Report | undefined>,
  { display, lastWords }: { display?: RunDisplay; lastWords?: string | undefined } = {},
): Promise<void> {
  const ignore = parseIgnored(flags.ignore);
  const files = await reportFiles(flags);
  const { connectCluster } = await import('../kube/connect.js');
  const { watch = false } = flags;
  // Watching has no end of its own, and a view in the spinner's place.
  const limits = limitRun(watch ? undefined : flags.timeout, lastWords);
  const progress = display ?? new Progress(process.stderr.isTTY && !watch);
  let isLeft = false;
  const observer: RunObserver = {
    notice: (line) => progress.line(line),
    left: (line) => {
      isLeft = true;
      progress.line(`error: ${line}`);
    },
    progress: (text) => progress.update(text),
  };
  let cluster: Cluster | undefined;
  try {
    cluster = await connectCluster(clusterOptions(flags));
    const report = await run(cluster, { signal: limits.signal, observer });
    progress.stop();
    if (report !== undefined) await deliverReport(report, flags, files);
    process.exitCode = exitCodeOf(report ?? { results: [] }, {
      interrupted: limits.interrupted(),
      ignore,
      exitZeroOnFailure: flags['exit-zero-on-failure'],
      isLeft,
    });
  } finally {
    progress.stop();
    limits.dispose();
    cluster?.close();
  }
}
