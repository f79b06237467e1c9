// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { reasons } from '../../../src/model/reason.js';
import type { Report, Result } from '../../../src/model/report.js';
import { verdicts } from '../../../src/model/verdict.js';
import { reportOf } from './sample-reports.js';

/** Names as Kubernetes allows them, and texts that no API server would let through but that may come from programs. */
const hostileText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '\u001b[2J\u001b]0;owned\u0007x',
    '=1+2',
    '@sum("a",b)',
    'a\r\nb,"c"',
    '\u009b31mred',
    '日本語のとても長い名前のポッド'.repeat(4),
    '',
  ),
);
const name = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,60}[a-z0-9])?$/),
  hostileText.map((text) => text || 'x'),
);
const fewNames = fc.constantFrom('web-0', 'web-1', 'web-2', 'api-6d5f9c7b4-x2kqp');
const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant(''));
const ms = fc.double({ min: 0, max: 60_000, noNaN: true, noDefaultInfinity: true }).map(Math.abs);
const count = fc.nat({ max: 100_000 });
const startedAt = fc
  .date({ min: new Date(0), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

const result = fc.record<Omit<Result, 'id'>, keyof Omit<Result, 'id'>>(
  {
    probe: fc.constantFrom('icmp', 'tcp', 'udp'),
    startedAt,
    source: fc.record({
      namespace: fc.constantFrom('shop', 'bank'),
      pod: fc.oneof(fewNames, name),
      node: hostileText,
      ip: address,
    }),
    destination: fc.record(
      {
        ref: fc.oneof(fc.constantFrom('svc/api:80', 'deploy/web', '198.18.0.1'), hostileText),
        kind: fc.constantFrom('ip', 'host', 'pod', 'service', 'endpoint', 'node'),
        namespace: name,
        name: fc.oneof(fewNames, name),
        address,
        port: fc.integer({ min: 1, max: 65_535 }),
        protocol: fc.constantFrom('tcp', 'udp'),
        node: name,
      },
      { requiredKeys: ['ref', 'kind', 'address'] },
    ),
    expect: fc.constantFrom('allow', 'deny'),
    verdict: fc.constantFrom(...verdicts),
    reason: fc.constantFrom(...reasons),
    message: hostileText,
    attempts: count,
    control: fc.record({ source: name, reached: fc.boolean() }),
    sent: count,
    received: count,
    duplicates: count,
    lossPercent: fc.double({ min: 0, max: 100, noNaN: true }).map(Math.abs),
    rttMs: fc.record(
      { min: ms, avg: ms, p50: ms, p95: ms, p99: ms, max: ms, jitter: ms },
      { requiredKeys: ['min', 'avg', 'p50', 'max', 'jitter'] },
    ),
    labels: fc.dictionary(name, hostileText, { maxKeys: 3, noNullPrototype: true }),
    from: hostileText,
    nextMtu: count,
    attemptResults: fc.array(fc.record({ reason: fc.constantFrom(...reasons), ms }, { requiredKeys: ['reason'] }), {
      maxLength: 4,
    }),
    tls: fc.record(
      { handshakeMs: ms, subject: hostileText, issuer: hostileText, notAfter: startedAt, error: hostileText },
      { requiredKeys: [] },
    ),
    udpProof: fc.constantFrom('answer', 'counters', 'capture'),
  },
  {
    requiredKeys: ['probe', 'startedAt', 'source', 'destination', 'expect', 'verdict', 'reason', 'message', 'attempts'],
  },
);

/** Any report that keeps the contract, realistic in its shape and hostile in its texts. */
export const anyReport: fc.Arbitrary<Report> = fc
  .tuple(
    fc.array(result, { maxLength: 12 }),
    fc.array(hostileText, { maxLength: 3 }),
    fc.array(
      hostileText.map((text) => text || 'hint'),
      { maxLength: 3 },
    ),
    fc.nat({ max: 10_000_000 }),
  )
  .map(([results, warnings, hints, durationMs]) => {
    const report = reportOf('ping', results, { warnings, durationMs });
    const ids = report.results.map(({ id }) => id);
    return { ...report, hints: hints.map((text, index) => ({ text, results: ids.slice(index, index + 3) })) };
  });
