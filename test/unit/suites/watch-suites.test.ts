// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import type { TestOfSuite } from '../../../src/suites/prepare-tests.js';
import { watchSuites } from '../../../src/suites/watch-suites.js';
import { prepared, tool } from './prepared-tests.js';

/** What is wrong with it is known before the cluster is asked. */
const impossible: TestOfSuite = prepared('impossible', { to: [], probe: { kind: 'http', status: 'none' } });

/** Rounds of these tests, at once after each other; `act` is done with each round's report. What the observer was told. */
async function watched(
  tests: TestOfSuite[],
  act: (round: number, end: () => void) => Promise<void> | void,
): Promise<string[]> {
  const notices: string[] = [];
  const ended = new AbortController();
  const run = {
    tool,
    maxPods: 10,
    concurrency: 1,
    failFast: false,
    repeat: 1,
    periodMs: 0,
    signal: ended.signal,
  };
  const notice = (text: string) => {
    notices.push(text);
    if (notices.length >= 3) ended.abort();
  };
  const observer = { notice, progress: () => undefined, left: () => undefined };
  let round = 0;
  await watchSuites({} as Cluster, tests, run, observer, async () => {
    round++;
    await act(round, () => ended.abort());
  });
  return notices;
}

describe('rounds', () => {
  it('go on until the run ends', async () => {
    const rounds: number[] = [];
    const notices = await watched([], (round, end) => {
      rounds.push(round);
      if (round === 3) end();
    });
    expect(rounds).toEqual([1, 2, 3]);
    expect(notices).toEqual([]);
  });

  it('a report that cannot be written ends the first', async () => {
    const full = new Failure('usage', 'no space left on device');
    await expect(watched([], () => Promise.reject(full))).rejects.toBe(full);
  });

  it('a report that cannot be written later is told, and the next round is made', async () => {
    const rounds: number[] = [];
    const notices = await watched([], (round, end) => {
      rounds.push(round);
      if (round === 2) throw new Failure('usage', 'no space left on device');
      if (round === 3) end();
    });
    expect(rounds).toEqual([1, 2, 3]);
    expect(notices).toEqual(['Warning: no space left on device']);
  });

  it('a bug ends any of them', async () => {
    const act = (round: number, end: () => void) => {
      if (round === 2) throw new TypeError('undefined is not a function');
      if (round === 3) end();
    };
    await expect(watched([], act)).rejects.toMatchObject({ code: 'bug' });
  });

  it('that cannot be made end the first', async () => {
    await expect(watched([impossible], () => undefined)).rejects.toMatchObject({ code: 'usage' });
  });

  it('that cannot be made later are told by their number, and tried again', async () => {
    const tests: TestOfSuite[] = [];
    const notices = await watched(tests, () => {
      tests.push(impossible);
    });
    expect(notices.map((notice) => notice.slice(0, 38))).toEqual([
      'Warning: round 2 could not be made: f.',
      'Warning: round 3 could not be made: f.',
      'Warning: round 4 could not be made: f.',
    ]);
  });
});
