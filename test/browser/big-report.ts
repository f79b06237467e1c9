// SPDX-License-Identifier: Apache-2.0
import type { Report, Result, ResultDestination } from '../../src/model/report.js';
import { reportOf } from '../unit/report/sample-reports.js';

const startedAt = '2026-03-01T12:00:00.000Z';

function rttMs(ms: number): Pick<Result, 'rttMs'> {
  return { rttMs: { min: ms * 0.7, avg: ms, p50: ms * 0.95, p95: ms * 1.4, max: ms * 1.9, jitter: ms / 8 } };
}

function testOf(probe: 'icmp' | 'tcp', from: number, to: number): Omit<Result, 'id'> {
  const namespaceOf = (index: number) => (index < 15 ? 'shop' : 'bank');
  const nameOf = (index: number) =>
    index % 3 === 0 ? `checkout-7d9c6b5f84-${'bcdfghjklm'[index % 10] ?? 'b'}x2kq` : `db-${index}`;
  const port = probe === 'tcp' ? { port: 8080, protocol: 'tcp' as const } : {};
  const destination: ResultDestination = {
    ref: `${namespaceOf(to)}/pod/${nameOf(to)}${probe === 'tcp' ? ':8080' : ''}`,
    kind: 'pod',
    namespace: namespaceOf(to),
    name: nameOf(to),
    address: `198.19.1.${to + 4}`,
    node: `node${(to % 2) + 1}`,
    ...port,
  };
  const base = {
    probe,
    startedAt,
    source: {
      namespace: namespaceOf(from),
      pod: nameOf(from),
      node: `node${(from % 2) + 1}`,
      ip: `198.19.1.${from + 4}`,
    },
    destination,
    expect: 'allow' as const,
    attempts: 20,
  };
  if (to === 17 && probe === 'tcp') {
    return { ...base, verdict: 'fail', reason: 'Refused', message: 'refused: nothing listens on that port' };
  }
  if (from === 9 && to % 2 === 0) {
    return {
      ...base,
      ...rttMs(48),
      verdict: 'fail',
      reason: 'PacketLoss',
      message: `${to % 20} of 20 echo requests answered`,
      sent: 20,
      received: to % 20,
      lossPercent: 100 - (to % 20) * 5,
    };
  }
  if (from === 22) {
    return {
      ...base,
      verdict: 'unsupported',
      reason: 'PodSecurityDenied',
      message: 'PodSecurity refuses the container',
    };
  }
  if (from === 26 && to > 20) {
    return { ...base, verdict: 'error', reason: 'ToolContainerFailed', message: 'the tool container did not start' };
  }
  if (from < 15 && to >= 25) {
    const denied = { ...base, expect: 'deny' as const };
    const control = { source: `bank/${nameOf(16)}`, reached: from % 4 !== 0 };
    return from % 4 === 0
      ? {
          ...denied,
          control,
          verdict: 'inconclusive',
          reason: 'NoPositiveControl',
          message: 'no reply, but nothing shows that it can be reached',
        }
      : {
          ...denied,
          control,
          verdict: 'pass',
          reason: 'TimedOut',
          message: `no answer in 3500 ms; reached from ${control.source}`,
        };
  }
  // Further apart is slower, and one node is slow.
  const ms = 0.12 + Math.abs(from - to) * 0.011 + (to % 11 === 5 ? 0.9 : 0) + (from === 3 ? 4.2 : 0);
  const packets = probe === 'icmp' ? { sent: 20, received: 20, lossPercent: 0 } : {};
  const reason = probe === 'icmp' ? 'EchoReply' : 'Connected';
  return { ...base, ...packets, ...rttMs(ms), verdict: 'pass', reason, message: '20 of 20 answered' };
}

/** 30 sources to 30 destinations without themselves, ICMP and TCP, with every verdict. */
export function bigReport(): Report {
  const indexes = Array.from({ length: 30 }, (_, index) => index);
  const results = (['icmp', 'tcp'] as const).flatMap((probe) =>
    indexes.flatMap((from) => indexes.filter((to) => to !== from).map((to) => testOf(probe, from, to))),
  );
  const report = reportOf('run', results, { durationMs: 8230, warnings: ['node2 is NotReady'] });
  const refused = report.results.filter(({ reason }) => reason === 'Refused').map(({ id }) => id);
  const text = 'NetworkPolicy bank/db-ingress selects pod db-17; it may or may not be the cause';
  return { ...report, hints: [{ results: refused, text }] };
}
