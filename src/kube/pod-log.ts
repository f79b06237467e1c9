// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Status } from './api-failure.js';
import type { Cluster } from './cluster.js';
import { abortFailure } from './guard.js';
import { textLines } from './json-lines.js';
import { pause } from './pause.js';
import { vanished } from './pod-watch.js';
import { StartObserver } from './start-observer.js';
import type { ToolContainer } from './tool-container.js';

const retryMs = 100;

export interface LogRequest {
  /** So many lines from the beginning were read before. */
  skipLines: number;
  /** Gets each line as it comes; returns true when it was the last one that is wanted. */
  onLine: (line: string) => boolean;
  /** How long the container may take to start, in ms. */
  startTimeoutMs: number;
  /** How long its log is followed at most, in ms. */
  totalMs: number;
  signal: AbortSignal;
}

/** What the answer means: there is no log yet, or the pod is gone, or it may not be read. */
function logFailure(thrown: unknown, { namespace, pod }: ToolContainer): Failure | undefined {
  if (!(thrown instanceof Failure)) throw thrown;
  const { status, code, message, reason } = thrown;
  // "container is waiting to start", or not yet known to the server that was asked.
  if (status === 400) return undefined;
  if (status === 404) {
    const { kind, name } = (thrown.cause as Status | undefined)?.details ?? {};
    return kind === 'pods' && name === pod ? vanished({ namespace, name: pod }) : undefined;
  }
  if (status !== 403) return thrown;
  return new Failure(code, message, { status, reason, cause: thrown, hint: '--no-exec needs get of pods/log' });
}

/**
 * Follows the log of a container as soon as it has one, until `onLine` has what it wants. Resolves with
 * false where the log ends before that. A container that will never start is a Failure in the kubelet's words (see
 * StartObserver); one that has ended already has a log all the same.
 */
export async function followLogWhenReady(
  cluster: Cluster,
  container: ToolContainer,
  request: LogRequest,
): Promise<boolean> {
  const { namespace, pod, name } = container;
  const { signal, totalMs, onLine } = request;
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
  const observer = new StartObserver(cluster, container, signal, request.startTimeoutMs);
  const controller = new AbortController();
  const log = { begun: false };
  const endWaiting = () => {
    if (!log.begun) controller.abort(observer.signal.reason);
  };
  const endReading = () => controller.abort(abortFailure(signal));
  observer.signal.addEventListener('abort', endWaiting, { once: true });
  signal.addEventListener('abort', endReading, { once: true });
  if (signal.aborted) endReading();

  /** Undefined: there is nothing to read yet. */
  const attempt = async (reading: AbortSignal): Promise<boolean | undefined> => {
    try {
      const query = { container: name, follow: true };
      let skip = request.skipLines;
      for await (const line of textLines(cluster.stream(path, { query, totalMs, signal: reading }))) {
        if (!log.begun) {
          log.begun = true;
          observer.release();
        }
        skip -= 1;
        if (skip < 0 && onLine(line)) return true;
      }
      return log.begun ? false : undefined;
    } catch (thrown) {
      const failure = logFailure(thrown, container);
      if (failure !== undefined) throw failure;
      return undefined;
    }
  };
  try {
    for (;;) {
      const read = await attempt(controller.signal);
      if (read !== undefined) return read;
      await pause(retryMs, controller.signal);
    }
  } catch (thrown) {
    if (log.begun || signal.aborted || !observer.signal.aborted) throw thrown;
    // What says that it will not start may mean that it has ended; then there is a log.
    const read = await attempt(signal);
    if (read === undefined) throw thrown;
    return read;
  } finally {
    observer.signal.removeEventListener('abort', endWaiting);
    signal.removeEventListener('abort', endReading);
    observer.release();
  }
}
