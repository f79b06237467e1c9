// SPDX-License-Identifier: Apache-2.0

/** When a connection on which nothing arrives is taken for dead, in ms. */
export interface Liveness {
  /** A TCP connection that is not made: as in client-go (transport/cache.go). */
  connectMs: number;
  /**
   * How long a watch is asked for at most, in seconds: a server may say nothing until it ends it, for where nothing changes there
   * are no bookmarks either (apiserver/pkg/storage/cacher/cache_watcher.go sends what is newer than where the watch began).
   */
  watchSeconds: number;
  /** How much later than it was asked to a server may end a watch. */
  watchEndMarginMs: number;
  /** Silence of an exec session after which the server is asked for a sign of life (a WebSocket ping). */
  pingAfterMs: number;
  /** How many pings in a row may stay without any answer; client-go (websocket.go) waits for 60 s. */
  pingsUnanswered: number;
}

export const defaultLiveness: Liveness = {
  connectMs: 30_000,
  watchSeconds: 120,
  watchEndMarginMs: 5000,
  pingAfterMs: 10_000,
  pingsUnanswered: 4,
};
