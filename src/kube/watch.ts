// SPDX-License-Identifier: Apache-2.0
import type { WatchEvent, WatchOptions } from './cluster.js';
import { failureOfStatus, type Status } from './api-failure.js';
import { textLines } from './json-lines.js';
import type { KubeObject } from './objects.js';
import { requestReply, withQuery } from './requests.js';
import type { Transport } from './transport.js';

interface RawEvent<T> {
  type: WatchEvent<T>['type'] | 'ERROR';
  object: T | Status;
}

/** The events of a watch until the server ends it. Throws Failure: an expired resourceVersion has `status` 410. */
export async function* watchEvents<T extends KubeObject>(
  transport: Transport,
  path: string,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void, void> {
  const { watchSeconds, watchEndMarginMs } = transport.liveness;
  const timeoutSeconds = Math.min(options.timeoutSeconds ?? Infinity, watchSeconds);
  const query = {
    ...options.query,
    watch: true,
    allowWatchBookmarks: true,
    timeoutSeconds,
    resourceVersion: options.resourceVersion,
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
  };
  const reply = await requestReply(transport, {
    method: 'GET',
    path: withQuery(path, query),
    signal: options.signal,
    // A connection that is silent for longer than this has lost its other end.
    silenceMs: timeoutSeconds * 1000 + watchEndMarginMs,
  });
  for await (const line of textLines(reply.chunks())) {
    if (line === '') continue;
    const event = JSON.parse(line) as RawEvent<T>;
    if (event.type === 'ERROR') throw failureOfStatus(event.object);
    yield event as WatchEvent<T>;
  }
}
