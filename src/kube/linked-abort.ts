// SPDX-License-Identifier: Apache-2.0

/**
 * Aborts a controller when a signal does, with its reason; the function that it returns ends that. Not AbortSignal.any: what
 * that returns was seen never to abort in Node.js 20, garbage-collected before; this is held by the listener.
 */
export function abortWith(controller: AbortController, signal: AbortSignal): () => void {
  const abort = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return () => signal.removeEventListener('abort', abort);
}
