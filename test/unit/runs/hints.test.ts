// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import type { Reason } from '../../../src/model/reason.js';
import { hintsFor } from '../../../src/runs/hints.js';
import { resultOf } from '../../../src/runs/result.js';
import { allTests, destination, measurement, source } from './planned-tests.js';

/** For reasons that need none: whoever asks it anything fails. */
const noCluster = new Proxy({} as Cluster, {
  get(_cluster, property) {
    throw new Error(`the cluster was asked for ${String(property)}`);
  },
});

function hints(facts: { nextMtu?: number }, ...reasons: Reason[]) {
  const tests = allTests(
    [source('a')],
    reasons.map((_reason, place) => destination(`d${place}`)),
  );
  const results = tests.map((test, place) =>
    resultOf(
      test,
      { ...measurement(reasons[place] ?? 'ToolFailed'), facts },
      { probe: 'icmp', expect: 'allow', maxLossPercent: 0 },
    ),
  );
  return hintsFor(noCluster, tests, results);
}

describe('hints', () => {
  it('are one for each distinct cause, with all the results that it is about, in their order', async () => {
    const found = await hints({}, 'NetworkUnreachable', 'NameNotFound', 'EchoReply', 'NetworkUnreachable');
    expect(found.map(({ results }) => results)).toEqual([['r1', 'r4'], ['r2']]);
    expect(found[0]?.text).toMatch(/^network unreachable: /);
    expect(found[1]?.text).toMatch(/^name not found: /);
  });

  it('are none where all is well, or where nothing helps', async () => {
    expect(await hints({}, 'EchoReply', 'ClusterFailed')).toEqual([]);
  });

  it('turn the next MTU into sizes of payload: without an IP and an ICMP header of 20 or 40 and 8 bytes', async () => {
    const [tooLong] = await hints({ nextMtu: 1400 }, 'MessageTooLong');
    expect(tooLong?.text).toContain('at most 1400 bytes pass, which is --size 1372 over IPv4 and 1352 over IPv6');
    const [unknown] = await hints({}, 'MessageTooLong');
    expect(unknown?.text).toContain('leave out --df');
  });
});
