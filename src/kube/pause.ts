// SPDX-License-Identifier: Apache-2.0
import { Guard } from './guard.js';

/** Waits; throws Failure when the signal aborts meanwhile. */
export function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const guard = new Guard({ signal });
    const timer = setTimeout(() => {
      guard.release();
      resolve();
    }, durationMs);
    guard.end = (failure) => {
      clearTimeout(timer);
      reject(failure);
    };
  });
}
