// SPDX-License-Identifier: Apache-2.0

export interface ScheduleOptions<Item> {
  /** One turn of an item; must not reject, and should end soon after `signal`. */
  run: (item: Item, signal: AbortSignal) => Promise<void>;
  /** Called as a turn starts: seconds that it is late, and how many turns were left out before it. */
  onStart: (delaySeconds: number, missed: number) => void;
}

interface Entry<Item> {
  item: Item;
  /** When the next turn is due, on the clock of performance.now(). */
  dueMs: number;
  timer: NodeJS.Timeout | undefined;
  running: boolean;
  end: AbortController;
}

/**
 * Runs each item once a period, each at a random place of its own in the period, so that neither one prober's probes nor
 * those of many probers come in bursts. An item's turns never overlap: what is due while one runs is left out.
 */
export class Schedule<Item> {
  private readonly entries = new Map<string, Entry<Item>>();
  private periodMs = 0;

  constructor(private readonly options: ScheduleOptions<Item>) {}

  /** Goes on with exactly these items. A kept key keeps its place; a new period gives each a new place. */
  update(periodMs: number, items: ReadonlyMap<string, Item>): void {
    const replaced = periodMs !== this.periodMs;
    this.periodMs = periodMs;
    for (const [key, entry] of this.entries) {
      if (!items.has(key)) this.remove(key, entry);
    }
    for (const [key, item] of items) {
      const entry = this.entries.get(key);
      if (entry === undefined) {
        const added = { item, dueMs: 0, timer: undefined, running: false, end: new AbortController() };
        this.entries.set(key, added);
        this.place(added);
      } else {
        entry.item = item;
        if (replaced) this.place(entry);
      }
    }
  }

  /** Ends all turns, and starts none any more until the next update. */
  stop(): void {
    for (const [key, entry] of this.entries) this.remove(key, entry);
  }

  private remove(key: string, entry: Entry<Item>): void {
    clearTimeout(entry.timer);
    entry.end.abort();
    this.entries.delete(key);
  }

  private place(entry: Entry<Item>): void {
    entry.dueMs = performance.now() + Math.random() * this.periodMs;
    if (!entry.running) this.arm(entry, 0);
  }

  private arm(entry: Entry<Item>, missed: number): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => void this.turn(entry, missed), Math.max(0, entry.dueMs - performance.now()));
  }

  private async turn(entry: Entry<Item>, missed: number): Promise<void> {
    entry.running = true;
    const dueMs = entry.dueMs;
    this.options.onStart(Math.max(0, performance.now() - dueMs) / 1000, missed);
    await this.options.run(entry.item, entry.end.signal);
    entry.running = false;
    if (entry.end.signal.aborted) return;
    // Another period came meanwhile, and with it another place.
    if (entry.dueMs !== dueMs) {
      this.arm(entry, 0);
      return;
    }
    const late = performance.now() - dueMs;
    const turns = Math.max(1, Math.ceil(late / this.periodMs));
    entry.dueMs = dueMs + turns * this.periodMs;
    this.arm(entry, turns - 1);
  }
}
