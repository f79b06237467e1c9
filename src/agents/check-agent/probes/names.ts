// SPDX-License-Identifier: Apache-2.0
import { lookup } from 'node:dns/promises';
import pLimit from 'p-limit';
import { probeLimitMs, resultOfError, rounded, type ProbeResult } from './probe-result.js';

/** Where a name leads, and the ms that it took to know; or why not. */
export type Resolved = { address: string; ms: number } | { failed: ProbeResult };

/**
 * getaddrinfo(3) in a thread of libuv, of which there are four, and it may be stuck there for half a minute: a name that is
 * being resolved is not asked for again, and names outside of the cluster never take all of the threads.
 */
export class Names {
  private readonly pending = new Map<string, Promise<string>>();
  private readonly foreign = pLimit(2);

  /** As programs of this container resolve it; the first address counts. Never rejects; ends within the limit of a probe. */
  async resolve(host: string, isForeign = false): Promise<Resolved> {
    const startedMs = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${host} is not resolved within ${probeLimitMs / 1000} s`)),
        probeLimitMs,
      );
    });
    try {
      const address = await Promise.race([this.asked(host, isForeign), silence]);
      return { address, ms: rounded(performance.now() - startedMs) };
    } catch (thrown) {
      return { failed: { value: 'nameNotFound', detail: resultOfError(thrown as Error).detail } };
    } finally {
      clearTimeout(timer);
    }
  }

  private asked(host: string, isForeign: boolean): Promise<string> {
    const running = this.pending.get(host);
    if (running !== undefined) return running;
    const ask = async (): Promise<string> => (await lookup(host)).address;
    const asked = (isForeign ? this.foreign(ask) : ask()).finally(() => this.pending.delete(host));
    // Its failure may come when nobody waits for it any more.
    asked.catch(() => undefined);
    this.pending.set(host, asked);
    return asked;
  }
}
