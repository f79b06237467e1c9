// SPDX-License-Identifier: Apache-2.0

/** A promise's value, or `otherwise` as soon as the signal aborts: for questions whose answers a run can do without. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal, otherwise: T): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    return otherwise;
  }
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<T>((resolve) => {
    onAbort = () => resolve(otherwise);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
