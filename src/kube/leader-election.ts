// SPDX-License-Identifier: Apache-2.0
import { setMaxListeners } from 'node:events';
import { asFailure, Failure } from '../errors/failure.js';
import { LeaseHolder, type Candidate, type ElectionTimes } from './lease-holder.js';
import { abortWith } from './linked-abort.js';
import { pause } from './pause.js';
import { withinTime } from './time-limit.js';

const usualElectionTimes: ElectionTimes = { leaseMs: 15_000, renewMs: 10_000, retryMs: 2000 };

/**
 * Stands for leader until the signal aborts, and does the work whenever it is: `work` gets a signal of its own, which
 * aborts as soon as the Lease may be somebody else's, and has to end soon after; then it stands again. The Lease is given
 * back at the end. Throws what `work` throws.
 */
export async function leadByLease(
  candidate: Candidate,
  work: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const times = candidate.times ?? usualElectionTimes;
  const holder = new LeaseHolder(candidate, times);
  const isEnded = (): boolean => signal.aborted;
  while (!isEnded()) {
    const acquiredAtMs = await acquire(holder, candidate, times, signal);
    if (acquiredAtMs === undefined) return;
    candidate.log(`${candidate.identity} leads now`);
    const end = new AbortController();
    // Every request of the work listens to it.
    setMaxListeners(0, end.signal);
    const stop = (): void => end.abort();
    const unlink = abortWith(end, signal);
    const working = work(end.signal).finally(stop);
    // It is awaited below: until then its failure is not to end the process as one that nobody handles.
    working.catch(() => undefined);
    try {
      const why = await renew(holder, times, acquiredAtMs, end.signal);
      if (why !== undefined) candidate.log(`does not lead any more: ${why}`);
      stop();
      await working;
    } finally {
      unlink();
      await holder.release().catch(() => undefined);
    }
  }
}

/** When the try began that got the Lease, on the clock of performance.now(); undefined where the signal aborted before. */
async function acquire(
  holder: LeaseHolder,
  { log }: Candidate,
  { retryMs, renewMs }: ElectionTimes,
  signal: AbortSignal,
): Promise<number | undefined> {
  const isEnded = (): boolean => signal.aborted;
  let isFailing = false;
  while (!signal.aborted) {
    const startedAtMs = performance.now();
    try {
      const attempt = await withinTime(renewMs, signal, (limited) => holder.attempt(limited));
      if (attempt === 'held') return startedAtMs;
      isFailing = false;
    } catch (thrown) {
      if (!isFailing && !isEnded()) log(`the Lease cannot be had: ${messageOf(thrown)}`);
      isFailing = true;
    }
    await pause(retryMs * (1 + Math.random() * 0.2), signal).catch(() => undefined);
  }
  return undefined;
}

/** Renews until the signal aborts (undefined), or until the Lease is lost: why. */
async function renew(
  holder: LeaseHolder,
  { retryMs, renewMs }: ElectionTimes,
  acquiredAtMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  let renewedAtMs = acquiredAtMs;
  let trouble = 'no time to renew it';
  for (;;) {
    await pause(retryMs, signal).catch(() => undefined);
    if (signal.aborted) return undefined;
    const startedAtMs = performance.now();
    const leftMs = renewMs - (startedAtMs - renewedAtMs);
    if (leftMs <= 0) return `the Lease was not renewed for ${renewMs / 1000} s: ${trouble}`;
    try {
      const attempt = await withinTime(leftMs, signal, (limited) => holder.attempt(limited));
      if (attempt === 'other') return 'somebody else holds the Lease';
      if (attempt === 'held') renewedAtMs = startedAtMs;
      else trouble = 'somebody else changes it';
    } catch (thrown) {
      trouble = messageOf(thrown);
    }
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Failure && thrown.code === 'interrupted' ? 'no answer in time' : asFailure(thrown).message;
}
