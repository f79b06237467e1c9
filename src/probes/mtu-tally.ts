// SPDX-License-Identifier: Apache-2.0
import { causeOfPingLine, withoutToolName, type IcmpCause } from './icmp-cause.js';
import { readPingLine } from './icmp-lines.js';
import type { ProbeDestination } from './probe.js';

/** What is known of packets of one size. */
interface SizeTally {
  answered: boolean;
  /** Echo requests, as the ping of this size counted them. */
  sent: number;
  /** The first cause that was named for their loss. */
  cause: IcmpCause | undefined;
  /** It was the source's own kernel that refused them. */
  local: boolean;
  /** Whether the last ping of this size was answered. */
  lastAnswered: boolean;
  exitCode: number | undefined;
}

/** What is known of one destination's search. */
export class MtuTally {
  address: string | undefined;
  /** The name was not found; 'timeout' when the resolver did not answer in time. */
  unresolved: 'notFound' | 'timeout' | undefined;
  /** What ip-route(8) and ip-link(8) say. */
  route = '';
  link = '';
  searched = false;
  lastText: string | undefined;
  readonly #sizes = new Map<number, SizeTally>();

  constructor(readonly destination: ProbeDestination) {
    this.address = destination.address;
  }

  /** A line of the ping with packets of `size` bytes. */
  line(size: number, text: string): void {
    const tally = this.#of(size);
    const read = readPingLine(text);
    if (read?.kind === 'reply') tally.answered = true;
    if (read?.kind === 'statistics') tally.sent += read.transmitted;
    const cause = causeOfPingLine(text);
    if (cause !== undefined && (tally.cause === undefined || tally.cause.nextMtu === undefined)) {
      tally.cause = cause;
      tally.local = cause.from === undefined;
    }
    if (text.trim() !== '') this.lastText = withoutToolName(text.trim());
  }

  /** The ping of that size has ended. */
  ended(size: number, exitCode: number): void {
    const tally = this.#of(size);
    tally.lastAnswered = exitCode === 0;
    tally.exitCode = exitCode;
  }

  /** Sizes that were tried to an end, ascending. */
  get sizes(): { size: number; tally: Readonly<SizeTally> }[] {
    const ended = [...this.#sizes].filter(([, { exitCode }]) => exitCode !== undefined);
    return ended.sort(([left], [right]) => left - right).map(([size, tally]) => ({ size, tally }));
  }

  #of(size: number): SizeTally {
    const tally = this.#sizes.get(size) ?? {
      answered: false,
      sent: 0,
      cause: undefined,
      local: false,
      lastAnswered: false,
      exitCode: undefined,
    };
    this.#sizes.set(size, tally);
    return tally;
  }
}
