// SPDX-License-Identifier: Apache-2.0
import type { Report, Result, ResultDestination, ResultSource } from '../../../src/model/report.js';
import { summarize } from '../../../src/model/summary.js';

const startedAt = '2026-03-01T12:00:00.000Z';

export const web0: ResultSource = { namespace: 'shop', pod: 'web-0', node: 'node1', ip: '198.19.0.4' };
export const web1: ResultSource = { namespace: 'shop', pod: 'web-1', node: 'node2', ip: '198.19.1.9' };

export function reportOf(command: string, results: Omit<Result, 'id'>[], more: Partial<Report> = {}): Report {
  const numbered = results.map((result, index) => ({ id: `r${index + 1}`, ...result }));
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'Report',
    command,
    startedAt,
    durationMs: 1234,
    warnings: [],
    summary: summarize(numbered),
    results: numbered,
    hints: [],
    ...more,
  };
}

type Rest = Partial<Omit<Result, 'id' | 'source' | 'destination'>>;

export function ping(
  source: ResultSource,
  destination: ResultDestination,
  avgMs: number,
  rest: Rest = {},
): Omit<Result, 'id'> {
  const rttMs = { min: avgMs * 0.8, avg: avgMs, p50: avgMs * 0.9, max: avgMs * 2, jitter: avgMs / 10 };
  const reached = { verdict: 'pass', reason: 'EchoReply', message: '5 of 5 answered', lossPercent: 0, rttMs } as const;
  return {
    probe: 'icmp',
    startedAt,
    source,
    destination,
    expect: 'allow',
    attempts: 5,
    sent: 5,
    received: 5,
    ...reached,
    ...rest,
  };
}

/** A ping that came to no figures. */
function unanswered(source: ResultSource, destination: ResultDestination, rest: Rest): Omit<Result, 'id'> {
  const result = { ...ping(source, destination, 0, rest), received: 0 };
  delete result.rttMs;
  delete result.lossPercent;
  return result;
}

export function connect(
  source: ResultSource,
  destination: ResultDestination,
  attemptMs: number[],
  rest: Rest = {},
): Omit<Result, 'id'> {
  const attemptResults = attemptMs.map((ms) => ({ reason: 'Connected', ms }) as const);
  const reached = { verdict: 'pass', reason: 'Connected', message: 'connected', attemptResults } as const;
  return { probe: 'tcp', startedAt, source, destination, expect: 'allow', attempts: 3, ...reached, ...rest };
}

const silent: Rest = {
  verdict: 'fail',
  reason: 'TimedOut',
  attemptResults: [{ reason: 'TimedOut' }, { reason: 'TimedOut' }, { reason: 'TimedOut' }],
};

const api: ResultDestination = {
  ref: 'svc/api:80',
  kind: 'service',
  namespace: 'shop',
  name: 'api',
  address: '198.18.7.20',
  port: 80,
  protocol: 'tcp',
};
const endpoint = (name: string, address: string): ResultDestination => ({
  ref: 'svc/api:80',
  kind: 'endpoint',
  namespace: 'shop',
  name,
  address,
  port: 8080,
  protocol: 'tcp',
  node: 'node2',
});
const db: ResultDestination = {
  ref: 'db/pod/db-0:5432',
  kind: 'pod',
  namespace: 'db',
  name: 'db-0',
  address: '198.19.1.44',
  port: 5432,
  protocol: 'tcp',
};
const pod = (name: string, address: string, ref = `pod/${name}`): ResultDestination => ({
  ref,
  kind: 'pod',
  namespace: 'shop',
  name,
  address,
});

/** One source; a Service with an endpoint that is silent, and a pod that refuses. */
export const connectFromOne = reportOf(
  'connect',
  [
    connect(web0, api, [0.41, 0.39, 0.52], {
      attemptResults: [{ reason: 'Connected', ms: 0.41 }, { reason: 'TimedOut' }, { reason: 'Connected', ms: 0.52 }],
      verdict: 'fail',
      reason: 'SomeAttemptsFailed',
      message: '2 of 3 connected',
    }),
    connect(web0, endpoint('api-6d5f9c7b4-x2kqp', '198.19.1.7'), [0.31, 0.29, 0.3]),
    connect(web0, endpoint('api-6d5f9c7b4-9vvtm', '198.19.1.8'), [], { ...silent, message: 'no answer in 3.5 s' }),
    connect(web0, db, [], {
      verdict: 'fail',
      reason: 'Refused',
      message: 'refused',
      attemptResults: [{ reason: 'Refused', ms: 0.2 }],
    }),
  ],
  {
    warnings: ['node2 is NotReady'],
    hints: [
      {
        results: ['r1', 'r3'],
        text: 'NetworkPolicy shop/api-ingress selects pod api-6d5f9c7b4-9vvtm; it may or may not be the cause',
      },
    ],
  },
);

/** One source; a workload of two pods, an address that loses packets, and a host that does not resolve. */
export const pingFromOne = reportOf('ping', [
  ping(web0, pod('web-6d5f9c7b4-aaaaa', '198.19.0.9', 'deploy/web'), 0.21),
  ping(web0, pod('web-6d5f9c7b4-bbbbb', '198.19.1.10', 'deploy/web'), 12.3),
  ping(web0, { ref: '198.18.102.1', kind: 'ip', address: '198.18.102.1' }, 0.05, {
    verdict: 'fail',
    reason: 'PacketLoss',
    message: '4 of 5 answered',
    received: 4,
    lossPercent: 20,
  }),
  unanswered(
    web0,
    { ref: 'host/no.such', kind: 'host', name: 'no.such', address: '' },
    {
      verdict: 'fail',
      reason: 'NameNotFound',
      message: 'no.such does not resolve in shop/web-0',
    },
  ),
]);

/** Two sources and two destinations: a matrix. */
export const pingFromTwo = reportOf('ping', [
  ping(web0, pod('api-0', '198.19.1.7'), 0.21),
  ping(web0, { ref: 'node/worker-2', kind: 'node', name: 'worker-2', address: '192.0.2.2' }, 0.4),
  ping(web1, pod('api-0', '198.19.1.7'), 0.18, {
    verdict: 'fail',
    reason: 'PacketLoss',
    lossPercent: 20,
    message: '4 of 5 answered',
  }),
  unanswered(
    web1,
    { ref: 'node/worker-2', kind: 'node', name: 'worker-2', address: '192.0.2.2' },
    {
      verdict: 'inconclusive',
      reason: 'SourceVanished',
      message: 'web-1 was deleted meanwhile',
    },
  ),
]);

/** Two sources and a Service: too wide for a matrix on 80 columns. */
export const connectFromTwo = reportOf(
  'connect',
  connectFromOne.results.flatMap(({ id, ...result }) => [
    result,
    {
      ...result,
      source: web1,
      ...(id === 'r3'
        ? ({ verdict: 'error', reason: 'ToolContainerFailed', message: 'the tool container did not start' } as const)
        : {}),
    },
  ]),
);
