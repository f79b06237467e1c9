// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import type { Reason } from '../../../src/model/reason.js';
import type { Expectation } from '../../../src/model/verdict.js';
import { PolicyReader } from '../../../src/policies/policy-reader.js';
import { explainResults } from '../../../src/runs/policy-explanations.js';
import { resultOf } from '../../../src/runs/result.js';
import type { Destination } from '../../../src/targets/destination.js';
import { allTests, destination, host, measured, source } from './planned-tests.js';

/** Answers nothing, and counts the questions. */
function deafCluster() {
  const asked = { times: 0 };
  const cluster = new Proxy({} as Cluster, {
    get() {
      asked.times += 1;
      throw new Error('no answer');
    },
  });
  return { cluster, asked };
}

async function explained(reason: Reason, expectation: Expectation, to: Destination = destination('d')) {
  const { cluster, asked } = deafCluster();
  const tests = allTests([source('a')], [to]);
  const measurements = measured(tests, reason);
  const results = [...measurements].flatMap(([index, measurement]) => {
    const test = tests[index];
    return test === undefined
      ? []
      : [resultOf(test, measurement, { probe: 'tcp', expect: expectation, maxLossPercent: 0 })];
  });
  const reader = new PolicyReader(cluster, new AbortController().signal);
  const found = await explainResults(reader, tests, results, measurements);
  return { policies: found.results[0]?.policies, asked: asked.times };
}

describe('what policies say', () => {
  it('is asked for what failed or was to be denied', async () => {
    for (const [reason, expectation] of [
      ['TimedOut', 'allow'],
      ['SomeAttemptsFailed', 'allow'],
      ['Silent', 'allow'],
      ['Connected', 'deny'],
      ['TimedOut', 'deny'],
    ] as const) {
      expect((await explained(reason, expectation)).policies).toBeDefined();
    }
  });

  it('is not asked where all is well, or where nothing was sent', async () => {
    for (const [reason, expectation] of [
      ['Connected', 'allow'],
      ['UnexpectedStatus', 'allow'],
      ['DnsError', 'allow'],
      ['ExpectationNotMet', 'allow'],
      ['ToolMissing', 'allow'],
      ['SourceVanished', 'deny'],
      ['NoEndpoints', 'allow'],
    ] as const) {
      expect(await explained(reason, expectation)).toEqual({ policies: undefined, asked: 0 });
    }
    expect(await explained('NameNotFound', 'deny', host('a.example', 4))).toEqual({ policies: undefined, asked: 0 });
  });

  it('is unknown where the cluster does not answer, which fails nothing', async () => {
    const { policies, asked } = await explained('TimedOut', 'deny');
    expect(asked).toBeGreaterThan(0);
    expect(policies).toMatchObject({ egress: [], ingress: [], text: 'unknown' });
    expect(policies?.message).toContain('could not be read');
    const toHost = await explained('Refused', 'allow', host('a.example', 4));
    expect(toHost.policies?.message).toContain('which address a.example stood for is not known');
  });
});
