// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VerdictCache } from '../../../../src/agents/check-server/verdict-cache.js';

const holdsMs = 1000;
let asked: string[] = [];
let fails = false;
const ask = (token: string): Promise<string> => {
  asked.push(token);
  return fails ? Promise.reject(new Error('away')) : Promise.resolve(`${token} ${asked.length}`);
};
const cache = (most = 10) => new VerdictCache(ask, holdsMs, most);

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  fails = false;
});
afterEach(() => void vi.useRealTimers());

describe('verdicts on tokens', () => {
  it('are asked for once, by many at the same time too, and again when they are over', async () => {
    const verdicts = cache();
    expect(await Promise.all([verdicts.of('a'), verdicts.of('a')])).toEqual(['a 1', 'a 1']);
    await vi.advanceTimersByTimeAsync(700);
    expect(await verdicts.of('a')).toBe('a 1');
    expect(asked).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(300);
    expect(await verdicts.of('a')).toBe('a 2');
  });

  it('are renewed before they are over, without anybody waiting for it', async () => {
    const verdicts = cache();
    await verdicts.of('a');
    await vi.advanceTimersByTimeAsync(800);
    expect(await Promise.all([verdicts.of('a'), verdicts.of('a')])).toEqual(['a 1', 'a 1']);
    await vi.advanceTimersByTimeAsync(300);
    expect(await verdicts.of('a')).toBe('a 2');
    expect(asked).toHaveLength(2);
  });

  it('hold no longer when they cannot be renewed', async () => {
    const verdicts = cache();
    await verdicts.of('a');
    fails = true;
    await vi.advanceTimersByTimeAsync(800);
    expect(await verdicts.of('a')).toBe('a 1');
    await vi.advanceTimersByTimeAsync(200);
    await expect(verdicts.of('a')).rejects.toThrow('away');
  });

  it('are not held where nothing was said', async () => {
    const verdicts = cache();
    fails = true;
    await expect(verdicts.of('a')).rejects.toThrow('away');
    fails = false;
    expect(await verdicts.of('a')).toBe('a 2');
  });

  it('are as many as there may be: the oldest goes', async () => {
    const verdicts = cache(2);
    for (const token of ['a', 'b', 'c', 'b', 'c', 'a']) await verdicts.of(token);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });

  it('are refused where too many are asked for at once', async () => {
    let answer = (): void => undefined;
    const open = new Promise<void>((resolve) => (answer = resolve));
    const verdicts = new VerdictCache(() => open, holdsMs, 10_000);
    const all = Array.from({ length: 16 + 512 }, (_, index) => verdicts.of(`token ${index}`));
    await vi.advanceTimersByTimeAsync(0);
    await expect(verdicts.of('one more')).rejects.toMatchObject({ code: 'cluster', status: 503 });
    answer();
    await Promise.all(all);
    await expect(verdicts.of('one more')).resolves.toBeUndefined();
  });
});
