// SPDX-License-Identifier: Apache-2.0

/** Probes that begin at the same time measure each other. */
const slots = 4;
/** One that takes longer than this waits for the network, and costs nothing. */
const holdMs = 100;

/** Starts work in turn: so many at once, but those that wait for an answer keep nobody from starting. */
export class Slots {
  private free = slots;
  private readonly waiting: (() => void)[] = [];

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    };
    const timer = setTimeout(release, holdMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      release();
    }
  }
}
