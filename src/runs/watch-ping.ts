// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { asFailure, Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { pause } from '../kube/pause.js';
import type { Reason } from '../model/reason.js';
import type { Report } from '../model/report.js';
import type { IcmpEvent, IcmpOutcome } from '../probes/icmp.js';
import { testsBySource } from './by-source.js';
import { failedMeasurement, type Measurement } from './measurement.js';
import { pingFrom, pingMeasurement, pingMeasurer, type PingOptions } from './ping.js';
import type { Test } from './plan.js';
import { prepareRun } from './prepare-run.js';
import type { RunRequest } from './run-request.js';
import { concludeRun, splitEmpty } from './run-tests.js';
import { settleAll } from './settle-all.js';
import type { RunObserver } from './tool.js';
import type { Workplaces } from './workplaces.js';

/** One exec pings for about this long, the next follows at once: a remote command never outlives us by more than that. */
const roundMs = 30_000;
/** What ends sooner has not sent much, and would be executed again at once. */
const shortestRoundMs = 1000;

/** What was seen of one destination over all rounds. */
class WatchTally {
  sent = 0;
  duplicates = 0;
  readonly rttsMs: number[] = [];
  #trouble: Pick<IcmpOutcome, 'reason' | 'message' | 'from' | 'nextMtu'> | undefined;
  #address: string | undefined;

  event(event: IcmpEvent): void {
    if (event.kind === 'resolved') this.#address = event.address;
    else if (event.kind === 'loss') this.sent++;
    else if (event.duplicate === true) this.duplicates++;
    else {
      this.sent++;
      this.rttsMs.push(event.rttMs ?? 0);
    }
  }

  /** The cause that a round's end gave for its losses. */
  round({ reason, message, from, nextMtu, received, sent }: IcmpOutcome): void {
    if (received < sent || sent === 0) {
      this.#trouble = {
        reason,
        message,
        ...(from === undefined ? {} : { from }),
        ...(nextMtu === undefined ? {} : { nextMtu }),
      };
    }
  }

  /** `end`: what this destination's part of the watch ended with by itself. */
  measurement(index: number, startedAt: Date, end?: IcmpOutcome): Measurement {
    const { sent, duplicates, rttsMs } = this;
    const received = rttsMs.length;
    const outcome = {
      index,
      sent,
      received,
      duplicates,
      rttsMs,
      ...(this.#address === undefined ? {} : { address: this.#address }),
    };
    const judged = (reason: Reason, message: string) => pingMeasurement({ ...outcome, reason, message }, startedAt);
    if (end !== undefined) return judged(end.reason, end.message);
    if (sent > 0 && received === sent) return judged('EchoReply', `${received} of ${sent} replies`);
    if (received > 0) return judged('PacketLoss', `${received} of ${sent} replies`);
    if (this.#trouble !== undefined) return pingMeasurement({ ...outcome, ...this.#trouble }, startedAt);
    return judged(
      'NoReply',
      sent === 0
        ? 'interrupted before the first reply'
        : `no reply to ${sent} ${sent === 1 ? 'echo request' : 'echo requests'}`,
    );
  }
}

/** Pings from one source, round after round, until the signal aborts; what fails ends this source only. */
async function watchSource(
  tests: readonly Test[],
  workplaces: Workplaces,
  options: PingOptions,
  observer: RunObserver,
): Promise<Map<number, Measurement>> {
  const startedAt = new Date();
  const count = Math.max(1, Math.round(roundMs / options.intervalMs));
  const tallies = new Map(tests.map(({ index }) => [index, new WatchTally()]));
  const onEvent = (event: IcmpEvent) => {
    tallies.get(event.index)?.event(event);
    if (event.kind === 'resolved' || (event.kind === 'reply' && event.duplicate === true)) return;
    observer.sample?.({ index: event.index, rttMs: event.kind === 'reply' ? (event.rttMs ?? 0) : undefined });
  };
  try {
    for (;;) {
      const roundStartedMs = performance.now();
      const outcomes = await pingFrom(workplaces, tests, { ...options, count }, onEvent);
      for (const outcome of outcomes) tallies.get(outcome.index)?.round(outcome);
      // Nothing can be sent, and that will not change: no name, no right, no tool.
      if (outcomes.every(({ sent }) => sent === 0)) {
        const ends = new Map(outcomes.map((outcome) => [outcome.index, outcome]));
        return new Map(
          [...tallies].map(([index, tally]) => [index, tally.measurement(index, startedAt, ends.get(index))]),
        );
      }
      await pause(roundStartedMs + shortestRoundMs - performance.now(), workplaces.options.signal);
    }
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'bug') throw failure;
    if (failure.code !== 'interrupted') {
      return new Map(tests.map(({ index }) => [index, failedMeasurement(failure, startedAt)]));
    }
    return new Map([...tallies].map(([index, tally]) => [index, tally.measurement(index, startedAt)]));
  }
}

/**
 * Pings until the request's signal aborts, and then reports all that was seen. `onPlan` gets the tests whose indices the
 * samples carry. Throws Failure when nothing could be tested at all.
 */
export async function watchPing(
  cluster: Cluster,
  request: RunRequest,
  options: PingOptions,
  observer: RunObserver,
  onPlan: (tests: readonly Test[]) => void,
): Promise<Report> {
  const measurer = pingMeasurer(options, observer);
  const planned = await prepareRun(cluster, request, measurer, observer);
  // A virtual address that is silent, as most are, would be a line of losses that mean nothing.
  const tests = planned.plan.tests.filter(({ destination }) => destination.informational !== true);
  if (tests.length === 0)
    throw new Failure('notFound', 'there is nothing to watch', { hint: 'a virtual address is no test; name pods' });
  const prepared = { ...planned, plan: { ...planned.plan, tests } };
  const { sendable, measured } = splitEmpty(tests);
  onPlan(sendable);
  const limit = pLimit(request.concurrency);
  try {
    const rounds = testsBySource(sendable).map(({ tests }) =>
      limit(() => watchSource(tests, prepared.workplaces, options, observer)),
    );
    for (const measurements of await settleAll(rounds)) {
      for (const [index, measurement] of measurements) measured.set(index, measurement);
    }
    return await concludeRun(cluster, prepared, request, measurer, measured);
  } finally {
    await prepared.workplaces.leave();
  }
}
