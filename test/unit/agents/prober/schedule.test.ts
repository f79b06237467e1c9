// SPDX-License-Identifier: Apache-2.0
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Schedule } from '../../../../src/agents/prober/schedule.js';

const onStart = (): void => undefined;
const items = (...names: string[]): Map<string, string> => new Map(names.map((name) => [name, name]));

let schedule: Schedule<string>;
afterEach(() => schedule.stop());

describe('Schedule', () => {
  it('gives every item turns, and none after it left', async () => {
    const turns: string[] = [];
    schedule = new Schedule({ onStart, run: (name) => Promise.resolve(void turns.push(name)) });
    schedule.update(10, items('a', 'b'));
    await vi.waitFor(() => expect(turns.filter((name) => name === 'a').length).toBeGreaterThan(2));
    await vi.waitFor(() => expect(turns).toContain('b'));
    schedule.update(10, items('b'));
    turns.length = 0;
    await vi.waitFor(() => expect(turns.length).toBeGreaterThan(2));
    expect(turns).not.toContain('a');
    schedule.stop();
    turns.length = 0;
    await pause(50);
    expect(turns).toEqual([]);
  });

  it('never overlaps the turns of an item, and tells how many it left out', async () => {
    let running = 0;
    let most = 0;
    let missed = 0;
    schedule = new Schedule({
      onStart: (_delay, count) => (missed += count),
      run: async () => {
        most = Math.max(most, ++running);
        await pause(35);
        running--;
      },
    });
    schedule.update(10, items('a'));
    await vi.waitFor(() => expect(missed).toBeGreaterThan(5));
    // A new period while a turn runs must not start another one beside it.
    for (let period = 5; period < 15; period++) {
      schedule.update(period, items('a'));
      await pause(8);
    }
    expect(most).toBe(1);
  });

  it('reports how late turns start', async () => {
    const delays: number[] = [];
    schedule = new Schedule({ onStart: (delay) => delays.push(delay), run: () => Promise.resolve() });
    schedule.update(10, items('a'));
    const until = performance.now() + 100;
    while (performance.now() < until);
    await vi.waitFor(() => expect(delays.length).toBeGreaterThan(0));
    // Due within 10 ms, but the process was busy for 100 ms.
    expect(delays[0]).toBeGreaterThan(0.085);
  });

  it('ends the running turn of an item that left', async () => {
    const ended = vi.fn();
    const run = vi.fn((_name: string, signal: AbortSignal) => {
      return new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          ended();
          resolve();
        });
      });
    });
    schedule = new Schedule({ onStart, run });
    schedule.update(10, items('a'));
    await vi.waitFor(() => expect(run).toHaveBeenCalled());
    schedule.update(10, items());
    expect(ended).toHaveBeenCalledOnce();
  });

  it('spreads items over the period', async () => {
    const starts: number[] = [];
    schedule = new Schedule({ onStart, run: () => Promise.resolve(void starts.push(performance.now())) });
    const names = Array.from({ length: 20 }, (_, index) => String(index));
    schedule.update(400, items(...names));
    await vi.waitFor(() => expect(starts.length).toBeGreaterThanOrEqual(20), 5000);
    // That 20 places of 400 ms are all within 40 ms happens once in 10^17 runs.
    expect(Math.max(...starts) - Math.min(...starts)).toBeGreaterThan(40);
  });
});
