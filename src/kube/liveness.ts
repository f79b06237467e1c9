// SPDX-License-Identifier: Apache-2.0

/** When a connection on which nothing arrives is taken for dead, in ms. */
export interface Liveness {
  /** A TCP connection that is not made: as in client-go (transport/cache.go). */
  connectMs: number;
  /** Silence of a watch: API servers send bookmarks about once a minute to who asks for them. */
  watchSilenceMs: number;
  /** How much later than it was asked to a server may end a watch. */
  watchEndMarginMs: number;
  /** Silence of an exec session after which the server is asked for a sign of life (a WebSocket ping). */
  pingAfterMs: number;
  /** How many pings in a row may stay without any answer; client-go (websocket.go) waits for 60 s. */
  pingsUnanswered: number;
}

export const defaultLiveness: Liveness = {
  connectMs: 30_000,
  watchSilenceMs: 150_000,
  watchEndMarginMs: 5000,
  pingAfterMs: 10_000,
  pingsUnanswered: 4,
};
