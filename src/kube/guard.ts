// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

export interface GuardLimits {
  signal?: AbortSignal | undefined;
  /** Limit of the whole operation in ms; 0 or absent: none. */
  totalMs?: number | undefined;
  /** Limit of the time without a sign of life (see `touch`) in ms; 0 or absent: none. */
  silenceMs?: number | undefined;
  onTotal?: (() => Failure) | undefined;
  onSilence?: (() => Failure) | undefined;
}

/** The Failure that an aborted signal stands for: its reason if that is one, else `interrupted`. */
export function abortFailure(signal: AbortSignal): Failure {
  const reason: unknown = signal.reason;
  return reason instanceof Failure ? reason : new Failure('interrupted', 'interrupted', { reason: 'Interrupted' });
}

/** Ends an operation early, once: when its signal aborts, when its time is up or when nothing was heard for too long. */
export class Guard {
  failure: Failure | undefined;
  readonly #limits: GuardLimits;
  readonly #timers: NodeJS.Timeout[] = [];
  #silence: NodeJS.Timeout | undefined;
  #end: ((failure: Failure) => void) | undefined;
  readonly #onAbort = () => {
    if (this.#limits.signal !== undefined) this.#cut(abortFailure(this.#limits.signal));
  };

  constructor(limits: GuardLimits) {
    this.#limits = limits;
    const { signal, totalMs = 0, silenceMs = 0, onTotal, onSilence } = limits;
    if (totalMs > 0) this.#timers.push(setTimeout(() => this.#cut(timeoutFailure(totalMs, onTotal)), totalMs));
    if (silenceMs > 0) {
      this.#silence = setTimeout(() => this.#cut(timeoutFailure(silenceMs, onSilence)), silenceMs);
      this.#timers.push(this.#silence);
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted === true) this.#onAbort();
  }

  /** What has to be torn down now; replaces what was given before. Called at once if it is too late already. */
  set end(end: (failure: Failure) => void) {
    this.#end = end;
    if (this.failure !== undefined) end(this.failure);
  }

  /** A sign of life. */
  touch(): void {
    this.#silence?.refresh();
  }

  /** The operation is over: no timer and no listener stays behind. */
  release(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#limits.signal?.removeEventListener('abort', this.#onAbort);
  }

  #cut(failure: Failure): void {
    if (this.failure !== undefined) return;
    this.failure = failure;
    this.release();
    this.#end?.(failure);
  }
}

/** Waits for what cannot be ended itself (a login in a browser), but not beyond the signal. Throws Failure. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const guard = new Guard({ signal });
  return untilCut(work, guard).finally(() => guard.release());
}

/** The same, but not beyond what the guard allows. */
export function untilCut<T>(work: Promise<T>, guard: Guard): Promise<T> {
  return new Promise((resolve, reject) => {
    guard.end = reject;
    work.then(resolve, reject);
  });
}

function timeoutFailure(limitMs: number, words: (() => Failure) | undefined): Failure {
  return words?.() ?? new Failure('cluster', `no answer within ${limitMs / 1000} s`, { reason: 'DeadlineExceeded' });
}
