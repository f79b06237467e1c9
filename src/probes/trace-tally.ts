// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { TraceHop } from '../model/report.js';
import type { ProbeDestination } from './probe.js';
import { readTracepathLine, tracepathReasons } from './trace-lines.js';

/** How many datagrams tracepath sends before it calls a hop silent. */
const askedOfSilent = 3;

interface HopTally {
  /** By the address that answered: round trips in ms, undefined where tracepath could not tell. */
  answers: Map<string, (number | undefined)[]>;
  silences: number;
}

/** Why a trace ended before the destination, as a hop says. */
interface TraceEnd {
  reason: Reason;
  text: string;
  from?: string;
}

/** What the rounds of tracepath to one destination found. */
class TracepathTally {
  /** The rounds in which the destination itself answered. */
  arrived = 0;
  end: TraceEnd | undefined;
  readonly #hops = new Map<number, HopTally>();

  /** `address` is the destination's, where it is known: an answer from elsewhere is no arrival. */
  line(text: string, address: string | undefined): void {
    const read = readTracepathLine(text);
    if (read === undefined) return;
    const hop = this.#of(read.hop);
    switch (read.kind) {
      case 'silence':
        hop.silences += 1;
        return;
      case 'notSent':
        this.#hops.delete(read.hop);
        this.end ??= { reason: 'NetworkUnreachable', text: "the source's own routes or packet filter discard it" };
        return;
      case 'datagram':
        this.arrived += 1;
        if (address !== undefined) answered(hop, address, undefined);
        return;
      case 'answer':
        answered(hop, read.address, read.rttMs);
        if (read.says !== undefined) this.#ended(read.says, read.address, address);
    }
  }

  #ended(says: keyof typeof tracepathReasons | 'reached', from: string, address: string | undefined): void {
    if (says !== 'reached') {
      const [reason, text] = tracepathReasons[says];
      this.end ??= { reason, text, from };
    } else if (address === undefined || isSame(from, address)) {
      this.arrived += 1;
    } else {
      // A port unreachable of another machine is a packet filter's refusal (iptables' REJECT has it by default).
      this.end ??= { reason: 'Prohibited', text: 'port unreachable', from };
    }
  }

  /** The hops in their order. The destination is one, the first at which it answered; what it answered later counts there. */
  hops(address: string | undefined): TraceHop[] {
    const hops = [...this.#hops].sort(([left], [right]) => left - right);
    const answersOf = (tally: HopTally) => [...tally.answers].find(([from]) => isSame(from, address ?? ''))?.[1];
    const at = hops.findIndex(([, tally]) => answersOf(tally) !== undefined);
    const [last] = hops.slice(at, at + 1);
    if (at < 0 || last === undefined) return untilLastRouter(hops.map(([hop, tally]) => hopOf(hop, tally)));
    const [lastHop, { silences }] = last;
    const answers = hops.flatMap(([, tally]) => answersOf(tally) ?? []);
    const destination: HopTally = { silences, answers: new Map([[address ?? '', answers]]) };
    return [...hops.slice(0, at).map(([hop, tally]) => hopOf(hop, tally)), hopOf(lastHop, destination)];
  }

  #of(hop: number): HopTally {
    const tally = this.#hops.get(hop) ?? { answers: new Map(), silences: 0 };
    this.#hops.set(hop, tally);
    return tally;
  }
}

function answered(hop: HopTally, address: string, rttMs: number | undefined): void {
  hop.answers.set(address, [...(hop.answers.get(address) ?? []), rttMs]);
}

/** Of several routers at one hop, the one that answered most. */
function hopOf(hop: number, { answers, silences }: HopTally): TraceHop {
  const received = [...answers.values()].reduce((sum, rtts) => sum + rtts.length, 0);
  const sent = received + silences * askedOfSilent;
  const lossPercent = sent === 0 ? 100 : Math.round(((sent - received) / sent) * 10_000) / 100;
  const [first] = [...answers].sort(([, left], [, right]) => right.length - left.length);
  if (first === undefined) return { hop, sent, lossPercent };
  const [address, measured] = first;
  const rtts = measured.filter((rttMs) => rttMs !== undefined);
  if (rtts.length === 0) return { hop, address, sent, lossPercent };
  const avg = rtts.reduce((sum, rttMs) => sum + rttMs, 0) / rtts.length;
  const rttMs = { min: Math.min(...rtts), avg: Math.round(avg * 1000) / 1000, max: Math.max(...rtts) };
  return { hop, address, sent, lossPercent, rttMs };
}

/**
 * The hops of a trace that did not arrive: up to the last router, and one silent hop. A router that answers for everything
 * behind it (host unreachable) would stand at each hop from there on, and is the end.
 */
export function untilLastRouter(hops: readonly TraceHop[]): TraceHop[] {
  const end = hops.findLastIndex(({ address }) => address !== undefined);
  const router = hops[end]?.address;
  const first = hops.findLastIndex(({ address }, at) => at < end && address !== undefined && address !== router) + 1;
  const last = hops.findIndex(({ address }, at) => at >= first && address === router);
  return hops.slice(0, last < end ? last + 1 : end + 2);
}

/** Whether two texts are the same address; tools and the API write IPv6 in its canonical form (RFC 5952). */
export function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** What is known of one destination so far. */
export class TraceTally {
  address: string | undefined;
  /** The name was not found; 'timeout' when the resolver did not answer in time. */
  unresolved: 'notFound' | 'timeout' | undefined;
  readonly tracepath = new TracepathTally();
  /** What the tool said that is about no hop; mtr's JSON too. */
  readonly lines: string[] = [];
  readonly exitCodes: number[] = [];

  constructor(readonly destination: ProbeDestination) {
    this.address = destination.address;
  }
}
