// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { IcmpCause } from './icmp-cause.js';
import type { IcmpTally } from './icmp-tally.js';
import { unrunnable } from './remote-script.js';

export type IcmpTool = 'fping' | 'iputils' | 'busybox';

/** What became of the echo requests to one destination. `received > 0` means that it was reached, whatever `reason` says. */
export interface IcmpOutcome {
  index: number;
  /** The address that was pinged; missing for a host name that was not resolved here. */
  address?: string;
  /** Echo requests, those that the source's own kernel refused to send included. */
  sent: number;
  received: number;
  duplicates: number;
  /** Round trips in the order of their echo requests. */
  rttsMs: number[];
  reason: Reason;
  /** One line for a person. */
  message: string;
  /** Who sent the ICMP error. */
  from?: string;
  /** The next hop's MTU in bytes. */
  nextMtu?: number;
  /** The tool that measured; missing when nothing was sent. */
  tool?: IcmpTool;
}

/** What is known of the whole run. */
export interface IcmpRun {
  tool: IcmpTool | undefined;
  missing: boolean;
  /** A tool that is there and cannot be executed. */
  unrunnable?: string | undefined;
  exitCode: number;
  lastText: string | undefined;
  /** Echo requests to each destination before the deadline. */
  planned: number;
  unableToSetDontFragment: boolean;
}

export function icmpOutcome(tally: IcmpTally, run: IcmpRun): IcmpOutcome {
  const counts = countsOf(tally, run);
  const verdict = judge(tally, run, counts);
  return {
    index: tally.destination.index,
    ...(tally.address === undefined ? {} : { address: tally.address }),
    ...counts,
    ...verdict,
    ...(run.tool === undefined ? {} : { tool: run.tool }),
  };
}

type Counts = Pick<IcmpOutcome, 'sent' | 'received' | 'duplicates' | 'rttsMs'>;
type Judgement = Pick<IcmpOutcome, 'reason' | 'message' | 'from' | 'nextMtu'>;

function countsOf(tally: IcmpTally, run: IcmpRun): Counts {
  const inOrder = [...tally.rttBySequence].sort(([left], [right]) => left - right).map(([, rttMs]) => rttMs);
  // Where only the ping that looked for the cause was answered, its two echo requests are the proof of it.
  const late = inOrder.length === 0 ? tally.explaining.rttsMs : [];
  const rtts = [...inOrder, ...late];
  const attempted = tally.sent ?? (inOrder.length > 0 || wasTried(tally) ? run.planned : 0);
  return {
    sent: attempted + (late.length > 0 ? Math.max(tally.explaining.sent, late.length) : 0),
    received: rtts.length,
    duplicates: tally.duplicates,
    rttsMs: rtts.filter((rttMs) => rttMs !== undefined),
  };
}

/** Whether a ping of its own ended without statistics although it had somewhere to send to and was allowed to. */
function wasTried({ exitCode, cause }: IcmpTally): boolean {
  return exitCode !== undefined && cause?.reason !== 'NameNotFound' && cause?.reason !== 'PingNotPermitted';
}

function judge(tally: IcmpTally, run: IcmpRun, { sent, received }: Counts): Judgement {
  const answered = `${received} of ${sent} echo requests answered`;
  const finished = tally.sent !== undefined;
  if (finished && received > 0 && received >= sent) return { reason: 'EchoReply', message: answered };
  if (finished && received > 0)
    return { ...blamed(tally.cause), reason: 'PacketLoss', message: withCause(answered, tally.cause) };
  if (received > 0) return { reason: 'ToolFailed', message: `cut off after ${answered}${said(tally, run)}` };
  if (tally.unresolved !== undefined) return nameNotFound(tally);
  if (run.missing && run.unrunnable !== undefined)
    return { reason: 'PingNotPermitted', message: unrunnable(run.unrunnable) };
  if (run.missing)
    return { reason: 'ToolMissing', message: `neither fping nor ping can be executed here${said(tally, run)}` };
  if (run.unableToSetDontFragment)
    return { reason: 'ToolMissing', message: "only busybox ping is here, which cannot set the don't-fragment bit" };
  if (tally.cause) return { ...blamed(tally.cause), reason: tally.cause.reason, message: sentence(tally.cause) };
  if (finished) return { reason: 'NoReply', message: `no reply to ${sent} echo request${sent === 1 ? '' : 's'}` };
  return {
    reason: 'ToolFailed',
    message: `the tool ended without a result (exit code ${tally.exitCode ?? run.exitCode})${said(tally, run)}`,
  };
}

function nameNotFound(tally: IcmpTally): Judgement {
  const name = tally.destination.host ?? '';
  if (tally.unresolved === 'timeout')
    return { reason: 'NameNotFound', message: `${name}: no answer from the name server in time` };
  const text = tally.cause?.reason === 'NameNotFound' ? tally.cause.text : `${name}: name not found`;
  return { reason: 'NameNotFound', message: text };
}

function blamed(cause: IcmpCause | undefined): Pick<IcmpOutcome, 'from' | 'nextMtu'> {
  return {
    ...(cause?.from === undefined ? {} : { from: cause.from }),
    ...(cause?.nextMtu === undefined ? {} : { nextMtu: cause.nextMtu }),
  };
}

function sentence(cause: IcmpCause): string {
  return cause.from === undefined ? cause.text : `${cause.text}, from ${cause.from}`;
}

function withCause(text: string, cause: IcmpCause | undefined): string {
  return cause === undefined ? text : `${text}; ${sentence(cause)}`;
}

function said(tally: IcmpTally, run: IcmpRun): string {
  const text = tally.lastText ?? run.lastText;
  return text === undefined ? '' : `: ${text}`;
}
