// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { pingMeasurer, type PingOptions } from '../runs/ping.js';
import { runTests } from '../runs/run-tests.js';
import { reportRun, type ReportFlags } from './probe-command.js';
import { runRequest, type RunFlags } from './run-request.js';

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

/** `ping`: words and flags to a report. */
export async function pingCommand(words: string[], flags: PingFlags): Promise<void> {
  const maxLossPercent = parsePercent(flags['max-loss'], 'max-loss');
  const options = pingOptions(flags);
  const request = (signal: AbortSignal) => runRequest(words, flags, { verb: 'ping', maxLossPercent, signal });
  // What is wrong with the words is said before the cluster is asked.
  request(new AbortController().signal);
  await reportRun(flags, (cluster, { signal, observer }) =>
    runTests(cluster, request(signal), pingMeasurer(options, observer), observer),
  );
}
