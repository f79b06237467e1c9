// SPDX-License-Identifier: Apache-2.0
import type { IcmpCause } from './icmp-cause.js';
import type { ProbeDestination } from './probe.js';

/** What happens while a destination is measured, for streaming. `sequence` counts echo requests from 0. */
export type IcmpEvent =
  | { kind: 'resolved'; index: number; address: string }
  /** `rttMs` is missing where the payload is too small for the tool to measure by. */
  | { kind: 'reply'; index: number; sequence: number; rttMs?: number; duplicate?: boolean }
  | { kind: 'loss'; index: number; sequence: number };

/** What is known of one destination so far. */
export class IcmpTally {
  readonly destination: ProbeDestination;
  address: string | undefined;
  /** The name was not found; 'timeout' when the resolver did not answer in time. */
  unresolved: 'notFound' | 'timeout' | undefined;
  readonly rttBySequence = new Map<number, number | undefined>();
  readonly #lost = new Set<number>();
  duplicates = 0;
  /** Set when the tool has finished with this destination: how many echo requests it sent. */
  sent: number | undefined;
  /** The first cause that was named; a later one counts only when it brings the next hop's MTU. */
  cause: IcmpCause | undefined;
  /** The tool's exit code, where it has a process of its own. */
  exitCode: number | undefined;
  lastText: string | undefined;
  /** The two echo requests that looked for the cause. */
  readonly explaining = { sent: 0, rttsMs: [] as (number | undefined)[] };

  constructor(destination: ProbeDestination) {
    this.destination = destination;
    this.address = destination.address;
  }

  reply(sequence: number, rttMs: number | undefined, duplicate: boolean): IcmpEvent {
    const again = duplicate || this.rttBySequence.has(sequence);
    if (again) this.duplicates += 1;
    else this.rttBySequence.set(sequence, rttMs);
    return {
      kind: 'reply',
      index: this.destination.index,
      sequence,
      ...(rttMs === undefined ? {} : { rttMs }),
      ...(again ? { duplicate: true } : {}),
    };
  }

  /** The event of a loss that was not told before. */
  loss(sequence: number): IcmpEvent[] {
    if (this.#lost.has(sequence) || this.rttBySequence.has(sequence)) return [];
    this.#lost.add(sequence);
    return [{ kind: 'loss', index: this.destination.index, sequence }];
  }

  /** The tool has sent `sent` echo requests and waits for no more replies. */
  finish(sent: number): IcmpEvent[] {
    this.sent = sent;
    return Array.from({ length: sent }, (_, sequence) => this.loss(sequence)).flat();
  }

  blame(cause: IcmpCause): void {
    const better = this.cause?.nextMtu === undefined && cause.nextMtu !== undefined;
    if (this.cause === undefined || better) this.cause = cause;
  }
}
