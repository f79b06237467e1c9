// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { Failure } from '../../errors/failure.js';

/** Questions to the API server at once, and those that may wait: somebody who invents tokens fills no memory. */
const askedAtOnce = 16;
const mostWaiting = 512;

interface Held<T> {
  atMs: number;
  verdict: Promise<T>;
  isAsking: boolean;
}

/** What the API server says of tokens, by their hashes, for a while. */
export class VerdictCache<T> {
  private readonly held = new Map<string, Held<T>>();
  private readonly limit = pLimit(askedAtOnce);

  constructor(
    private readonly ask: (token: string) => Promise<T>,
    /** How long a verdict holds. One that is used in the last quarter of it is asked for again meanwhile. */
    private readonly holdsMs: number,
    private readonly most: number,
  ) {}

  /** Throws as the question does, and Failure(cluster) where too many wait; what failed is not held. */
  of(token: string): Promise<T> {
    const key = createHash('sha256').update(token).digest('base64');
    const held = this.held.get(key);
    const ageMs = held === undefined ? Infinity : performance.now() - held.atMs;
    if (held === undefined || ageMs >= this.holdsMs) return this.renew(key, token).verdict;
    if (ageMs > 0.75 * this.holdsMs && !held.isAsking) {
      held.isAsking = true;
      this.renew(key, token, held).verdict.catch(() => undefined);
    }
    return held.verdict;
  }

  /** `meanwhile`: what holds until the new verdict is there. */
  private renew(key: string, token: string, meanwhile?: Held<T>): Held<T> {
    if (this.limit.pendingCount >= mostWaiting) {
      const verdict = Promise.reject<T>(new Failure('cluster', 'too many tokens are asked about', { status: 503 }));
      return { atMs: 0, verdict, isAsking: false };
    }
    const asked: Held<T> = { atMs: performance.now(), verdict: this.limit(() => this.ask(token)), isAsking: false };
    const keep = (): void => {
      // The newest is the last: the first is who goes.
      this.held.delete(key);
      this.held.set(key, asked);
      const [oldest] = this.held.keys();
      if (this.held.size > this.most && oldest !== undefined) this.held.delete(oldest);
    };
    if (meanwhile === undefined) keep();
    asked.verdict.then(
      () => (meanwhile === undefined ? undefined : keep()),
      () => {
        if (this.held.get(key) === asked) this.held.delete(key);
        if (meanwhile !== undefined) meanwhile.isAsking = false;
      },
    );
    return asked;
  }
}
