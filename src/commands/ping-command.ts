// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Report } from '../model/report.js';
import type { LiveSample } from '../report/live.js';
import { pingMeasurer, type PingOptions } from '../runs/ping.js';
import type { Test } from '../runs/plan.js';
import { resultDestination } from '../runs/result.js';
import type { RunRequest } from '../runs/run-request.js';
import { runTests } from '../runs/run-tests.js';
import type { RunObserver } from '../runs/tool.js';
import { watchPing } from '../runs/watch-ping.js';
import { reportRun, type ReportFlags } from './probe-command.js';
import { runRequest, type RunFlags } from './run-request.js';
import { wantsColor, type ColorMode } from './terminal.js';
import { WatchView } from './watch-view.js';

/** The flags of `ping`, as they were parsed. Times in ms. */
export interface PingFlags extends ReportFlags, RunFlags {
  count: number;
  interval: number;
  size?: number | undefined;
  ttl?: number | undefined;
  df: boolean;
  deadline?: number | undefined;
  raw: boolean;
  'max-loss': string;
  watch: boolean;
  'connect-timeout': number;
}

/** The percentage of `--max-loss`. Throws Failure `usage`. */
export function parsePercent(text: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?)%?$/.exec(text);
  const value = Number(match?.[1] ?? Number.NaN);
  if (value >= 0 && value <= 100) return value;
  throw new Failure('usage', `invalid value "${text}" for --${flag}: not a percentage from 0 to 100`);
}

function pingOptions(flags: PingFlags): PingOptions {
  return {
    count: flags.count,
    intervalMs: flags.interval,
    replyTimeoutMs: flags['connect-timeout'],
    sizeBytes: flags.size,
    ttl: flags.ttl,
    dontFragment: flags.df,
    deadlineMs: flags.deadline,
    raw: flags.raw,
  };
}

/** Pings until Ctrl-C with a live view on stderr; then the report of all that was seen. */
async function watch(cluster: Cluster, request: RunRequest, flags: PingFlags, observer: RunObserver): Promise<Report> {
  const view = new WatchView(process.stderr, wantsColor(flags.color as ColorMode, process.stderr));
  const pairs = new Map<number, Pick<LiveSample, 'source' | 'destination'>>();
  const sequences = new Map<number, number>();
  const watching: RunObserver = {
    ...observer,
    sample: ({ index, rttMs }) => {
      const pair = pairs.get(index);
      if (pair === undefined) return;
      const seq = sequences.get(index) ?? 0;
      sequences.set(index, seq + 1);
      view.sample({ ...pair, seq, ...(rttMs === undefined ? {} : { ms: rttMs }) });
    },
  };
  const onPlan = (tests: readonly Test[]) => {
    observer.progress('');
    for (const { index, source, destination } of tests) {
      const { namespace, name } = source;
      pairs.set(index, { source: { namespace, pod: name }, destination: resultDestination(destination) });
    }
  };
  try {
    return await watchPing(cluster, request, pingOptions(flags), watching, onPlan);
  } finally {
    view.stop();
  }
}

/** `ping`: words and flags to a report. */
export async function pingCommand(words: string[], flags: PingFlags): Promise<void> {
  const maxLossPercent = parsePercent(flags['max-loss'], 'max-loss');
  const options = pingOptions(flags);
  if (flags.watch && flags['no-exec']) {
    throw new Failure('usage', '--watch and --no-exec exclude each other', {
      hint: 'watching would add an ephemeral container to the pod every half minute; ping without --watch works',
    });
  }
  const request = runRequest(words, flags, { verb: 'ping', maxLossPercent });
  await reportRun(flags, (cluster, { signal, observer }) =>
    flags.watch
      ? watch(cluster, { ...request, signal }, flags, observer)
      : runTests(cluster, { ...request, signal }, pingMeasurer(options, observer), observer),
  );
}
