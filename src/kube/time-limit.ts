// SPDX-License-Identifier: Apache-2.0
import { abortWith } from './linked-abort.js';

/** Runs work with a signal that aborts with another one and after a time. */
export async function withinTime<T>(
  limitMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), limitMs);
  const unlink = signal === undefined ? undefined : abortWith(end, signal);
  try {
    return await work(end.signal);
  } finally {
    clearTimeout(timer);
    unlink?.();
  }
}
