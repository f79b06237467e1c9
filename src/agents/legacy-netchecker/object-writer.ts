// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { pause } from '../../kube/pause.js';

/** Writes at once, of all agents together. */
const atOnce = 8;
/** One object is not written again sooner, however often its agent, or somebody in its name, reports. */
const restMs = 1000;

/**
 * Writes one thing of each name at a time. Who asks while a write of the same name has not begun shares it, so that there is
 * at most one write a report, and fewer where reports come faster than they can be written.
 */
export class ObjectWriter {
  private readonly limit = pLimit(atOnce);
  private readonly waiting = new Map<string, Promise<void>>();
  private readonly resting = new Map<string, Promise<void>>();

  /** `write` takes what is to be written when it begins. */
  constructor(
    private readonly write: (name: string) => Promise<void>,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves once what was to be written when this was called is written. Rejects as `write` does. */
  ask(name: string): Promise<void> {
    const waiting = this.waiting.get(name);
    if (waiting !== undefined) return waiting;
    const begin = (): Promise<void> =>
      this.limit(() => {
        this.waiting.delete(name);
        return this.write(name);
      });
    const resting = this.resting.get(name);
    const writing = resting === undefined ? begin() : resting.then(begin);
    this.waiting.set(name, writing);
    this.rest(name, writing);
    return writing;
  }

  private rest(name: string, writing: Promise<void>): void {
    const rest = writing
      .catch(() => undefined)
      .then(() => pause(restMs, this.signal))
      // Ended: nothing is written any more.
      .catch(() => undefined)
      .then(() => {
        if (this.resting.get(name) === rest) this.resting.delete(name);
      });
    this.resting.set(name, rest);
  }
}
