// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { MtuResult } from '../model/report.js';
import type { IcmpCause } from './icmp-cause.js';
import { readWayOut, type WayOut } from './mtu-interface.js';
import type { MtuTally } from './mtu-tally.js';
import { unrunnable } from './remote-script.js';

/** What a search found out about one destination. */
export interface MtuOutcome {
  index: number;
  /** The address that was sent to; missing for a host name that was not resolved here. */
  address?: string;
  reason: Reason;
  /** One line for a person. */
  message: string;
  /** How many sizes were tried. */
  attempts: number;
  /** Echo requests, where none was answered at all. */
  sent?: number;
  /** Who sent the ICMP error. */
  from?: string;
  /** Only where anything was answered. */
  mtu?: MtuResult;
}

/** What is known of the whole run. */
export interface MtuRun {
  /** Only busybox ping is there. */
  busybox: boolean;
  missing: boolean;
  /** A tool that is there and cannot be executed. */
  unrunnable?: string | undefined;
  exitCode: number;
  lastText: string | undefined;
}

type Judgement = Pick<MtuOutcome, 'reason' | 'message' | 'sent' | 'from' | 'mtu'>;
type Sizes = MtuTally['sizes'];

export function mtuOutcome(tally: MtuTally, run: MtuRun): MtuOutcome {
  const { address, destination, sizes } = tally;
  return {
    index: destination.index,
    ...(address === undefined ? {} : { address }),
    attempts: sizes.length,
    ...judge(tally, sizes, run),
  };
}

function judge(tally: MtuTally, sizes: Sizes, run: MtuRun): Judgement {
  if (tally.unresolved !== undefined) return nameNotFound(tally);
  if (run.unrunnable !== undefined) return { reason: 'PingNotPermitted', message: unrunnable(run.unrunnable) };
  if (run.busybox)
    return { reason: 'ToolMissing', message: "only busybox ping is here, which cannot set the don't-fragment bit" };
  if (run.missing) return { reason: 'ToolMissing', message: 'there is no ping of iputils here' };
  const answered = sizes.filter((each) => each.tally.answered).at(-1);
  if (answered === undefined) return unanswered(tally, sizes, run);
  if (!tally.searched) {
    const message = `cut off after ${answered.size} bytes were answered${said(tally, run)}`;
    return { reason: 'ToolFailed', message };
  }
  return found(tally, sizes, answered.size);
}

/** Not even the short packets were answered. */
function unanswered(tally: MtuTally, sizes: Sizes, run: MtuRun): Judgement {
  const [first] = sizes;
  if (first === undefined) {
    return { reason: 'ToolFailed', message: `ended without a result (exit code ${run.exitCode})${said(tally, run)}` };
  }
  const { sent, cause, exitCode } = first.tally;
  if (cause !== undefined) return { ...blamed(cause), reason: cause.reason, message: sentence(cause), sent };
  if (sent === 0) {
    return { reason: 'ToolFailed', message: `ping failed (exit code ${exitCode ?? -1})${said(tally, run)}` };
  }
  const echoes = sent === 1 ? 'echo request' : 'echo requests';
  return { reason: 'NoReply', message: `no reply to ${sent} ${echoes} of ${first.size} bytes`, sent };
}

function found(tally: MtuTally, sizes: Sizes, pathMtu: number): Judgement {
  const way = readWayOut(tally.route, tally.link);
  const over = sizes.find(({ size }) => size > pathMtu);
  const facts: MtuResult = {
    pathMtu,
    ...(over === undefined ? {} : { smallestLost: over.size }),
    ...(way.interface === undefined ? {} : { interface: way.interface }),
    ...(way.interfaceMtu === undefined ? {} : { interfaceMtu: way.interfaceMtu }),
  };
  if (over === undefined) return untilTheEnd(facts, way);
  const { cause, local } = over.tally;
  if (cause === undefined) return blackHole(sizes, { ...facts, limitedBy: 'silence' });
  const isTooLong = cause.reason === 'MessageTooLong';
  if (!isTooLong) {
    const message = `${pathMtu} bytes are answered, but not ${over.size}: ${sentence(cause)}`;
    const mtu: MtuResult = { ...facts, limitedBy: local ? 'interface' : 'router', ...router(cause) };
    return { ...blamed(cause), reason: cause.reason, message, mtu };
  }
  if (local) return refusedHere(facts, way, cause);
  const mtu: MtuResult = { ...facts, limitedBy: 'router', ...router(cause) };
  const by = cause.from === undefined ? 'a router' : `router ${cause.from}`;
  return { ...blamed(cause), reason: 'PathMtuFound', message: `${pathMtu} bytes, as ${by} says`, mtu };
}

/** The largest that was to be tried was answered. */
function untilTheEnd(mtu: MtuResult, { interfaceMtu, routeMtu }: WayOut): Judgement {
  const { pathMtu = 0 } = mtu;
  const isAll = pathMtu === interfaceMtu || pathMtu === routeMtu;
  const message = isAll
    ? `${pathMtu} bytes, all that ${mtu.interface ?? 'the interface'} takes`
    : `${pathMtu} bytes, the largest that was tried`;
  return { reason: 'PathMtuFound', message, mtu: { ...mtu, ...(isAll ? { limitedBy: 'interface' } : {}) } };
}

/** The source's own kernel sends nothing longer: because of its interface, its route, or what a router said before. */
function refusedHere(mtu: MtuResult, way: WayOut, cause: IcmpCause): Judgement {
  const { nextMtu } = cause;
  const bytes = `${mtu.pathMtu ?? 0} bytes`;
  if (nextMtu !== undefined && nextMtu === way.learntMtu) {
    const message = `${bytes}, as a router said before; the source remembers it for another ${way.learntForSeconds ?? 0} s`;
    return { reason: 'PathMtuFound', message, mtu: { ...mtu, limitedBy: 'router' } };
  }
  const message = `${bytes}, all that ${senderOf(mtu, way, nextMtu)}`;
  return { reason: 'PathMtuFound', message, mtu: { ...mtu, limitedBy: 'interface' } };
}

/** Who it is that sends no more. Without ip(8) nobody says whether an MTU is the interface's own. */
function senderOf(mtu: MtuResult, way: WayOut, refusedMtu: number | undefined): string {
  if (refusedMtu !== undefined && refusedMtu === way.routeMtu) return "the source's route takes";
  return mtu.interfaceMtu === undefined ? "the source's kernel sends" : `${mtu.interface ?? 'the interface'} takes`;
}

/** Longer packets vanish without a word, unless nothing is answered any more. */
function blackHole(sizes: Sizes, mtu: MtuResult): Judgement {
  const { pathMtu = 0, smallestLost = 0 } = mtu;
  const largest = sizes.find(({ size }) => size === pathMtu);
  if (largest?.tally.lastAnswered === false) {
    const message = `${pathMtu} bytes were answered, and later no more: nothing can be said of longer packets`;
    return { reason: 'PacketLoss', message };
  }
  return {
    reason: 'BlackHole',
    message: `${pathMtu} bytes are answered, ${smallestLost} and more vanish without a word, there or back`,
    mtu,
  };
}

function nameNotFound(tally: MtuTally): Judgement {
  const name = tally.destination.host ?? '';
  const why = tally.unresolved === 'timeout' ? 'no answer from the name server in time' : 'name not found';
  return { reason: 'NameNotFound', message: `${name}: ${why}` };
}

function router({ from }: IcmpCause): Pick<MtuResult, 'router'> {
  return from === undefined ? {} : { router: from };
}

function blamed({ from }: IcmpCause): Pick<MtuOutcome, 'from'> {
  return from === undefined ? {} : { from };
}

function sentence(cause: IcmpCause): string {
  return cause.from === undefined ? cause.text : `${cause.text}, from ${cause.from}`;
}

function said(tally: MtuTally, run: MtuRun): string {
  const text = tally.lastText ?? run.lastText;
  return text === undefined ? '' : `: ${text}`;
}
