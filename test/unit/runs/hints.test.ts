// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import type { Reason } from '../../../src/model/reason.js';
import type { PolicyExplanation } from '../../../src/model/report.js';
import { hintsFor } from '../../../src/runs/hints.js';
import type { Measurement } from '../../../src/runs/measurement.js';
import { resultOf } from '../../../src/runs/result.js';
import { allTests, destination, measurement, source } from './planned-tests.js';

function fail(): never {
  throw new Error('no such test');
}

/** For reasons that need none: whoever asks it anything fails. */
const noCluster = new Proxy({} as Cluster, {
  get(_cluster, property) {
    throw new Error(`the cluster was asked for ${String(property)}`);
  },
});

function hints(facts: Measurement['facts'], ...reasons: Reason[]) {
  const tests = allTests(
    [source('a')],
    reasons.map((_reason, place) => destination(`d${place}`)),
  );
  const results = tests.map((test, place) =>
    resultOf(
      test,
      { ...measurement(reasons[place] ?? 'ToolFailed'), ...(facts === undefined ? {} : { facts }) },
      { probe: 'icmp', expect: 'allow', maxLossPercent: 0 },
    ),
  );
  return hintsFor(noCluster, tests, { results, lines: new Map() });
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

  const policies = { egress: [], ingress: ['shop/p'], text: 'deny' as const, message: 'it denies' };
  const withPolicies = async (reason: Reason, expectation: 'allow' | 'deny', explained: PolicyExplanation) => {
    const tests = allTests([source('a')], [destination('d')]);
    const control = { source: 'shop/b', reached: true };
    const options = { probe: 'tcp' as const, expect: expectation, maxLossPercent: 0, control };
    const results = tests.map((test) => ({ ...resultOf(test, measurement(reason), options), policies: explained }));
    const found = await hintsFor(noCluster, tests, { results, lines: new Map([['r1', ['it denies']]]) });
    return found.map(({ text }) => text).filter((text) => text.includes('Policies'));
  };

  it('name flags to whoever used a verb, and to whoever wrote a file what stands in it', async () => {
    const reasons: Reason[] = ['NoPositiveControl', 'MessageTooLong', 'NoSuchRecord', 'Silent', 'PingNotPermitted'];
    const tests = allTests(
      [source('a')],
      reasons.map((_reason, place) => destination(`d${place}`)),
    );
    const ofVerb = tests.map((test, place) => {
      const options = { probe: 'icmp' as const, expect: 'allow' as const, maxLossPercent: 0 };
      return resultOf(test, measurement(reasons[place] ?? fail()), options);
    });
    const ofSuite = ofVerb.map((result) => ({ ...result, suite: 's', test: 't' }));
    const texts = async (results: typeof ofSuite | typeof ofVerb) =>
      (await hintsFor(noCluster, tests, { results, lines: new Map() })).map(({ text }) => text);
    expect((await texts(ofVerb)).filter((text) => / --[a-z]/.test(text))).toHaveLength(reasons.length);
    const inFile = await texts(ofSuite);
    expect(inFile.filter((text) => / --[a-z]/.test(text))).toEqual([]);
    expect(inFile[0]).toContain('with control: destination or control: SRC in the file');
  });

  it('say what policies say of failures, as an explanation and not as a proof', async () => {
    const hint = ['NetworkPolicies (an explanation, not a proof): it denies'];
    expect(await withPolicies('TimedOut', 'allow', policies)).toEqual(hint);
    expect(await withPolicies('Connected', 'deny', policies)).toEqual(hint);
    expect(await withPolicies('TimedOut', 'deny', { ...policies, disagrees: 'deniedElsewhere' })).toEqual(hint);
  });

  it('say of what was to be denied and was reached only what policies say, beside what was found', async () => {
    const tests = allTests([source('a')], [destination('d'), destination('e')]);
    const results = (['DnsError', 'NoSuchRecord'] as const).map((reason, place) => {
      const options = { probe: 'dns' as const, expect: 'deny' as const, maxLossPercent: 0 };
      return { ...resultOf(tests[place] ?? fail(), measurement(reason), options), policies };
    });
    const found = await hintsFor(noCluster, tests, { results, lines: new Map([['r1', ['it denies']]]) });
    expect(found).toEqual([
      { results: ['r1'], text: 'NetworkPolicies (an explanation, not a proof): it denies', about: 'policies' },
    ]);
  });

  it('name the shape that was in place before they guess at anything else', async () => {
    const shape = 'partition (egress, peer pod/d)';
    const tests = allTests([source('a')], [destination('d')]);
    const underShape = async (reason: Reason, expectation: 'allow' | 'deny') => {
      const options = { probe: 'tcp' as const, expect: expectation, maxLossPercent: 0 };
      const results = tests.map((test) => ({ ...resultOf(test, measurement(reason), options), policies, shape }));
      const found = await hintsFor(noCluster, tests, { results, lines: new Map([['r1', ['it denies']]]) });
      return found.map(({ text, about }) => [about, text.split(':')[0]]);
    };
    expect(await underShape('TimedOut', 'allow')).toEqual([
      ['shape', `made under the shape "${shape}", which may be the cause`],
      [undefined, 'timed out'],
      ['policies', 'NetworkPolicies (an explanation, not a proof)'],
    ]);
    expect(await underShape('Connected', 'deny')).toEqual([
      ['shape', `made under the shape "${shape}"`],
      ['policies', 'NetworkPolicies (an explanation, not a proof)'],
    ]);
    expect(await underShape('ToolMissing', 'allow')).toEqual([[undefined, 'tool missing (ToolMissing)']]);
  });

  it('are silent about policies where these agree with a success, have nothing to do with it, or select nothing', async () => {
    expect(await withPolicies('TimedOut', 'deny', policies)).toEqual([]);
    expect(await withPolicies('MessageTooLong', 'allow', policies)).toEqual([]);
    expect(await withPolicies('TimedOut', 'allow', { ...policies, ingress: [] })).toEqual([]);
  });

  it('say what to do about a black hole, and about an MTU that is too small, by who limits it', async () => {
    const silence = { pathMtu: 1300, limitedBy: 'silence' } as const;
    expect((await hints({ mtu: silence }, 'BlackHole'))[0]?.text).toContain('an MTU of 1300 for the pods avoids it');
    const back = { pathMtu: 1500, reverse: { ...silence, pathMtu: 1200 } };
    expect((await hints({ mtu: back }, 'BlackHole'))[0]?.text).toContain('an MTU of 1200');
    const [router] = await hints({ mtu: { pathMtu: 1300, limitedBy: 'router' } }, 'MtuTooSmall');
    expect(router?.text).toContain('tunnel');
    const [own] = await hints({ mtu: { pathMtu: 1300, limitedBy: 'interface' } }, 'MtuTooSmall');
    expect(own?.text).toContain("the source's interface or route");
  });
});
