// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { TraceHop } from '../model/report.js';
import { causeOfPingLine } from './icmp-cause.js';
import { quotedLine } from './lines.js';
import { unrunnable } from './remote-script.js';
import type { TraceRequest } from './trace-command.js';
import { readMtrHops } from './trace-mtr.js';
import { isSame, untilLastRouter, type TraceTally } from './trace-tally.js';

/** What was found on the way to one destination. */
export interface TraceOutcome {
  index: number;
  /** The address that was traced; missing for a host name that was not resolved here. */
  address?: string;
  reason: Reason;
  /** One line for a person. */
  message: string;
  /** Rounds that were made. */
  attempts: number;
  /** Up to the destination, or to the first silent hop after the last that answered. */
  hops: TraceHop[];
  /** Who sent the ICMP error that ended the trace. */
  from?: string;
}

/** What is known of the whole run. */
export interface TraceRun {
  request: TraceRequest;
  /** A tool that is not there. */
  missing: string | undefined;
  /** A tool that is there and cannot be executed. */
  unrunnable: string | undefined;
  exitCode: number;
  lastText: string | undefined;
}

type Judgement = Pick<TraceOutcome, 'reason' | 'message' | 'hops' | 'from'>;

export function traceOutcome(tally: TraceTally, run: TraceRun): TraceOutcome {
  const { address, destination, exitCodes } = tally;
  const isTracepath = run.request.method === 'tracepath';
  const rounds = isTracepath ? exitCodes.length : exitCodes.length * run.request.count;
  return {
    index: destination.index,
    ...(address === undefined ? {} : { address }),
    attempts: rounds,
    ...judge(tally, run, isTracepath),
  };
}

function judge(tally: TraceTally, run: TraceRun, isTracepath: boolean): Judgement {
  const without = (reason: Reason, message: string): Judgement => ({ reason, message, hops: [] });
  const { host = '' } = tally.destination;
  if (tally.unresolved === 'timeout') return without('NameNotFound', `${host}: no answer from the name server in time`);
  if (tally.unresolved === 'notFound') return without('NameNotFound', `${host}: name not found`);
  if (run.unrunnable !== undefined) return without('PingNotPermitted', unrunnable(run.unrunnable));
  if (run.missing !== undefined) return without('ToolMissing', `there is no ${run.missing} here`);
  if (run.exitCode === 127) return without('ToolMissing', `the tools cannot be executed here${said(run.lastText)}`);
  if (tally.exitCodes.length === 0) {
    return without('ToolFailed', `ended without a result (exit code ${run.exitCode})${said(run.lastText)}`);
  }
  return isTracepath ? byTracepath(tally) : byMtr(tally, run.request);
}

function byTracepath(tally: TraceTally): Judgement {
  const { arrived, end } = tally.tracepath;
  const hops = tally.tracepath.hops(tally.address);
  if (arrived > 0) return atDestination(hops);
  if (end !== undefined) {
    const { reason, text, from } = end;
    if (from === undefined) return { reason, message: text, hops };
    return { reason, message: `${text}, from ${from}`, hops, from };
  }
  return hops.length === 0 ? withoutHops(tally) : notArrived(hops);
}

function byMtr(tally: TraceTally, { method }: TraceRequest): Judgement {
  const hops = readMtrHops(tally.lines);
  if (hops === undefined || hops.length === 0) {
    const refused = tally.lines.some((line) => /mtr-packet.*(?:permission denied|not permitted)/i.test(line));
    if (!refused) return hops === undefined || tally.exitCodes.at(-1) !== 0 ? withoutHops(tally) : notArrived([]);
    const what = method === 'icmp' ? 'unprivileged ICMP echo is' : 'raw sockets are';
    return { reason: 'PingNotPermitted', message: `${what} not permitted here`, hops: [] };
  }
  const { address } = tally;
  const at = hops.findIndex(
    (hop) => hop.address !== undefined && (address === undefined || isSame(hop.address, address)),
  );
  if (address !== undefined && at >= 0) return atDestination(hops.slice(0, at + 1));
  return notArrived(untilLastRouter(hops));
}

function atDestination(hops: TraceHop[]): Judgement {
  const last = hops.at(-1)?.hop ?? 1;
  return { reason: 'Arrived', message: `arrived over ${last} ${last === 1 ? 'hop' : 'hops'}`, hops };
}

function notArrived(hops: TraceHop[]): Judgement {
  const last = hops.findLast(({ address }) => address !== undefined);
  const silent = 'the destination did not answer';
  if (last?.address === undefined) return { reason: 'NoReply', message: `${silent}, and no router either`, hops };
  return { reason: 'NoReply', message: `${silent}; the last answer came from hop ${last.hop}, ${last.address}`, hops };
}

/** The tool found no hop, and perhaps said why. */
function withoutHops(tally: TraceTally): Judgement {
  const text = tally.lines.findLast((line) => /^\S*(?:mtr|tracepath)\S*: /.test(line));
  const cause = tally.lines.map(causeOfPingLine).find((each) => each !== undefined);
  if (cause !== undefined)
    return { reason: cause.reason, message: text === undefined ? cause.text : toolText(text), hops: [] };
  return {
    reason: 'ToolFailed',
    message: `ended without a result (exit code ${tally.exitCodes.at(-1) ?? -1})${said(text)}`,
    hops: [],
  };
}

function toolText(line: string): string {
  return quotedLine(line).replace(/^\S*(?:mtr|mtr-packet|tracepath)\S*: /, '');
}

function said(text: string | undefined): string {
  return text === undefined ? '' : `: ${toolText(text)}`;
}
