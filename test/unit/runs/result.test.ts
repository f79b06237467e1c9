// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { Failure, type FailureCode } from '../../../src/errors/failure.js';
import { reasonOfFailure } from '../../../src/runs/measurement.js';
import { resultOf } from '../../../src/runs/result.js';
import { splitEmpty } from '../../../src/runs/run-tests.js';
import { allTests, destination, host, measurement, source } from './planned-tests.js';

const allow = { probe: 'tcp', expect: 'allow', maxLossPercent: 0 } as const;
const [first, named] = allTests([source('a')], [destination('db', { node: 'node1' }), host('example.test', 4)]);
if (first === undefined || named === undefined) throw new Error('two tests');

describe('a result', () => {
  it('says from where to where, what was measured and what that means', () => {
    const found = { ...measurement('Refused'), facts: { attemptResults: [{ reason: 'Refused', ms: 0.1 } as const] } };
    expect(resultOf(first, found, allow)).toEqual({
      id: 'r1',
      probe: 'tcp',
      startedAt: '1970-01-01T00:00:00.000Z',
      source: { namespace: 'targets', pod: 'a', node: first.source.node, ip: first.source.addresses[4] },
      destination: {
        ref: 'pod/db:80',
        kind: 'pod',
        namespace: 'shop',
        name: 'db',
        address: '198.19.1.9',
        port: 80,
        protocol: 'tcp',
        node: 'node1',
      },
      expect: 'allow',
      verdict: 'fail',
      reason: 'Refused',
      message: 'Refused',
      attempts: 3,
      attemptResults: [{ reason: 'Refused', ms: 0.1 }],
    });
  });

  it('has the address that a name stood for, and none where it stood for none', () => {
    const resolved = { ...measurement('Connected'), resolvedAddress: '198.18.0.7' };
    expect(resultOf(named, resolved, allow).destination.address).toBe('198.18.0.7');
    expect(resultOf(named, measurement('NameNotFound'), allow).destination.address).toBe('');
  });

  it('has the source address of the family that was used', () => {
    const [test] = allTests([source('a')], [destination('db', { family: 6 })]);
    if (test === undefined) throw new Error('one test');
    expect(resultOf(test, measurement('Connected'), allow).source.ip).toBe(test.source.addresses[6]);
    expect(test.source.addresses[6]).toContain(':');
  });

  it('has its control and its labels', () => {
    const control = { source: 'targets/b', reached: true };
    const deny = { ...allow, expect: 'deny', control, labels: { app: 'db' } } as const;
    expect(resultOf(first, measurement('TimedOut'), deny)).toMatchObject({
      expect: 'deny',
      verdict: 'pass',
      control,
      labels: { app: 'db' },
    });
  });

  it('lets packets be lost up to the limit', () => {
    const lossy = { ...measurement('PacketLoss'), facts: { lossPercent: 20 } };
    expect(resultOf(first, lossy, { ...allow, maxLossPercent: 20 }).verdict).toBe('pass');
    expect(resultOf(first, lossy, { ...allow, maxLossPercent: 19 }).verdict).toBe('fail');
  });
});

describe('the reason of a failure', () => {
  it.each<[FailureCode, string | undefined, string]>([
    ['forbidden', undefined, 'Forbidden'],
    ['forbidden', 'PodSecurityDenied', 'PodSecurityDenied'],
    ['notFound', undefined, 'SourceVanished'],
    ['notFound', 'NotFound', 'SourceVanished'],
    ['interrupted', 'Interrupted', 'Interrupted'],
    ['cluster', 'ServiceUnavailable', 'ClusterFailed'],
    ['cluster', 'ConnectionLost', 'ConnectionLost'],
    ['usage', undefined, 'ClusterFailed'],
    ['tool', 'ImagePullBackOff', 'ImageNotPulled'],
    ['tool', 'DeadlineExceeded', 'DeadlineExceeded'],
    ['tool', undefined, 'ToolContainerFailed'],
    ['unsupported', 'WindowsPod', 'WindowsPod'],
    ['unsupported', undefined, 'PodNotRunning'],
  ])('%s with reason %s is %s', (code, reason, expected) => {
    expect(reasonOfFailure(new Failure(code, 'm', { reason }))).toBe(expected);
  });
});

it('what there is nothing to send to is measured before anything is sent', () => {
  const tests = allTests(
    [source('a')],
    [
      destination('db'),
      destination('api', { emptyReason: 'NoEndpoints', emptyMessage: 'service shop/api has no ready endpoints' }),
      destination('pending', { ref: 'pod/pending:80', emptyReason: 'NoAddress' }),
    ],
  );
  const { sendable, measured } = splitEmpty(tests);
  expect(sendable.map(({ index }) => index)).toEqual([0]);
  expect([...measured].map(([index, { reason, message, attempts }]) => [index, reason, message, attempts])).toEqual([
    [1, 'NoEndpoints', 'service shop/api has no ready endpoints', 0],
    [2, 'NoAddress', 'pod/pending:80 has no address', 0],
  ]);
});
