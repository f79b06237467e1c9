// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { reasons } from '../../../src/model/reason.js';
import type { MtuResult, Report, Result } from '../../../src/model/report.js';
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
    '</script><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "]]></failure><failure message='x'/>",
    'ok 7 - injected # SKIP # TODO \\#',
    '...\nBail out! injected\n---',
    '\ud800lone\udfff \ufffe\uffff\u0000\u0008',
    '👩‍👩‍👧‍👦 \u202egnp.exe',
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

const oneWay = {
  pathMtu: count,
  smallestLost: count,
  interfaceMtu: count,
  interface: hostileText,
  limitedBy: fc.constantFrom('interface', 'router', 'silence'),
  router: address,
} as const;

const result = fc.record<Omit<Result, 'id'>, keyof Omit<Result, 'id'>>(
  {
    probe: fc.constantFrom('icmp', 'tcp', 'udp', 'dns', 'http', 'mtu', 'trace'),
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
    dns: fc.record(
      {
        name: hostileText,
        type: fc.constantFrom('A', 'AAAA', 'CNAME', 'PTR', 'SRV'),
        queried: hostileText,
        queries: count,
        rcode: fc.constantFrom('NOERROR', 'NXDOMAIN'),
        answers: fc.array(hostileText, { maxLength: 3 }),
        ttl: count,
        authoritative: fc.boolean(),
      },
      { requiredKeys: ['name', 'type', 'queried', 'queries', 'answers'] },
    ),
    http: fc.record(
      {
        url: hostileText,
        method: fc.constantFrom('GET', 'POST'),
        status: fc.integer({ min: 100, max: 599 }),
        version: fc.constantFrom('1.1', '2'),
        phases: fc.record(
          { nameMs: ms, connectMs: ms, tlsMs: ms, firstByteMs: ms, totalMs: ms },
          { requiredKeys: ['nameMs', 'connectMs', 'firstByteMs', 'totalMs'] },
        ),
        redirects: count,
        finalUrl: hostileText,
        bodyBytes: count,
      },
      { requiredKeys: ['url', 'method'] },
    ),
    mtu: fc.record<MtuResult>({ ...oneWay, reverse: fc.record(oneWay, { requiredKeys: [] }) }, { requiredKeys: [] }),
    hops: fc.array(
      fc.record(
        {
          hop: fc.integer({ min: 1, max: 64 }),
          address,
          host: hostileText,
          sent: count,
          lossPercent: fc.double({ min: 0, max: 100, noNaN: true }).map(Math.abs),
          rttMs: fc.record({ min: ms, avg: ms, max: ms }),
        },
        { requiredKeys: ['hop', 'sent', 'lossPercent'] },
      ),
      { maxLength: 3 },
    ),
    suite: fc.oneof(fc.constantFrom('shop', 'bank'), hostileText),
    test: fc.oneof(fc.constantFrom('web reaches api', 'nobody reaches db'), hostileText),
    tags: fc.array(hostileText, { maxLength: 3 }),
    tries: fc.integer({ min: 2, max: 9 }),
    shape: hostileText.map((text) => text || 'partition'),
    policies: fc.record(
      {
        egress: fc.array(hostileText, { maxLength: 2 }),
        ingress: fc.array(hostileText, { maxLength: 2 }),
        text: fc.constantFrom('allow', 'deny', 'unknown'),
        message: hostileText,
        disagrees: fc.constantFrom('notEnforced', 'deniedElsewhere'),
      },
      { requiredKeys: ['egress', 'ingress', 'text', 'message'] },
    ),
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
    return {
      ...report,
      hints: hints.map((text, index) => ({
        text,
        results: ids.slice(index, index + 3),
        ...(index === 1 ? { about: 'policies' as const } : {}),
      })),
    };
  });
