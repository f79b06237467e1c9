// SPDX-License-Identifier: Apache-2.0

/**
 * Waits between tries that fail: twice as long each time, and each somewhere between half of that and all of it, so that
 * many who fail at once do not all come back at once.
 */
export class Backoff {
  private failures = 0;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {}

  /** Whether nothing has failed since it went well. */
  get isFresh(): boolean {
    return this.failures === 0;
  }

  /** Milliseconds to wait after one more failure. */
  next(): number {
    const most = Math.min(this.longestMs, this.firstMs * 2 ** this.failures);
    this.failures += 1;
    return most * (0.5 + Math.random() / 2);
  }

  /** It went well. */
  reset(): void {
    this.failures = 0;
  }
}
