// SPDX-License-Identifier: Apache-2.0
import type { Report, Result, RttMs } from '../model/report.js';
import { type Column, columnLines } from './columns.js';
import { conclusionLines } from './conclusion.js';
import { addressText, sourceKey } from './destination-label.js';
import { formatMs, formatPercent } from './figures.js';
import { hopsText } from './hops.js';
import { interfaceText, limitText, mtuText } from './mtu-text.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { verdictPainter, verdictText } from './verdict-style.js';

type Value = string | number | undefined;

function attemptsText({ attemptResults, attempts }: Result): string {
  if (attemptResults === undefined) return `${attempts}`;
  return attemptResults.map(({ reason, ms }) => (ms === undefined ? reason : `${reason} ${formatMs(ms)}`)).join(', ');
}

function controlText({ control }: Result): Value {
  return control === undefined ? undefined : `${control.source} ${control.reached ? 'reached' : 'not reached'}`;
}

function tlsText({ tls }: Result): Value {
  if (tls === undefined) return undefined;
  const facts: [string, Value][] = [
    ['handshake', tls.handshakeMs === undefined ? undefined : `${formatMs(tls.handshakeMs)} ms`],
    ['subject', tls.subject],
    ['issuer', tls.issuer],
    ['valid to', tls.notAfter],
    ['error:', tls.error],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`])).join(', ');
}

function dnsText({ dns }: Result): Value {
  if (dns === undefined) return undefined;
  const { queried, queries, rcode, answers, ttl, authoritative } = dns;
  const facts = [
    `asked for ${queried}${queries === 1 ? '' : ` in the last of ${queries} queries`}`,
    ...(rcode === undefined ? [] : [rcode]),
    ...(answers.length === 0 ? [] : [answers.join(' ')]),
    ...(ttl === undefined ? [] : [`ttl ${ttl} s`]),
    ...(authoritative === true ? ['authoritative'] : []),
  ];
  return facts.join(', ');
}

function httpText({ http }: Result): Value {
  if (http === undefined) return undefined;
  const { url, method, status, version, phases, redirects, finalUrl, location, bodyBytes } = http;
  const times: [string, number | undefined][] = [
    ['name', phases?.nameMs],
    ['connect', phases?.connectMs],
    ['tls', phases?.tlsMs],
    ['first byte', phases?.firstByteMs],
    ['total', phases?.totalMs],
  ];
  const facts = [
    `${method} ${url}`,
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(version === undefined ? [] : [`HTTP/${version}`]),
    ...times.flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${formatMs(ms)} ms`])),
    ...(redirects === undefined ? [] : [`${redirects} redirects to ${finalUrl ?? ''}`]),
    ...(location === undefined ? [] : [`points to ${location}`]),
    ...(bodyBytes === undefined ? [] : [`${bodyBytes} bytes`]),
  ];
  return facts.join(', ');
}

function milliseconds(figure: keyof RttMs): (result: Result) => Value {
  return ({ rttMs }) => (rttMs?.[figure] === undefined ? undefined : formatMs(rttMs[figure]));
}

function labelsText({ labels = {} }: Result): Value {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

/** Of suites. */
const suiteColumns: typeof wideColumns = [
  ['SUITE', ({ suite }) => suite],
  ['TEST', ({ test }) => test],
];

const wideColumns: [header: string, value: (result: Result) => Value][] = [
  ['SOURCE', ({ source }) => sourceKey(source)],
  ['SOURCE NODE', ({ source }) => source.node],
  ['SOURCE IP', ({ source }) => source.ip],
  ['DESTINATION', ({ destination }) => destination.ref],
  ['KIND', ({ destination }) => destination.kind],
  ['NAMESPACE', ({ destination }) => destination.namespace],
  ['NAME', ({ destination }) => destination.name],
  ['DESTINATION NODE', ({ destination }) => destination.node],
  ['ADDRESS/PORT', ({ destination }) => addressText(destination)],
  ['PROBE', ({ probe }) => probe],
  ['EXPECT', ({ expect }) => expect],
  ['VERDICT', ({ verdict }) => verdictText(verdict)],
  ['REASON', ({ reason }) => reason],
  ['SENT', ({ sent }) => sent],
  ['RECEIVED', ({ received }) => received],
  ['DUPLICATES', ({ duplicates }) => duplicates],
  ['LOSS', ({ lossPercent }) => (lossPercent === undefined ? undefined : formatPercent(lossPercent))],
  ['MIN MS', milliseconds('min')],
  ['AVG MS', milliseconds('avg')],
  ['P50 MS', milliseconds('p50')],
  ['P95 MS', milliseconds('p95')],
  ['P99 MS', milliseconds('p99')],
  ['MAX MS', milliseconds('max')],
  ['JITTER MS', milliseconds('jitter')],
  ['ATTEMPTS', attemptsText],
  ['CONTROL', controlText],
  ['PROOF', ({ udpProof }) => udpProof],
  ['TLS', tlsText],
  ['LABELS', labelsText],
  ['MESSAGE', ({ message }) => message],
];

/** Columns of single probes and of suites, which are there with one of their results only. */
const ownColumns: typeof wideColumns = [
  ['DNS', dnsText],
  ['HTTP', httpText],
  ['MTU', mtuText],
  ['INTERFACE', ({ mtu }) => interfaceText(mtu)],
  ['LIMITED BY', limitText],
  ['HOPS', hopsText],
  ['SHAPE', ({ shape }) => shape],
];

/** `-o wide`: every column, nothing shortened, a line a result; `<none>` where kubectl would say so. */
export function renderWide(report: Report, options: RenderOptions): string {
  const { results } = report;
  const paint = verdictPainter(options.color);
  const own = ownColumns.filter(([, value]) => results.some((result) => (value(result) ?? '') !== ''));
  const leading = results.some(({ test }) => test !== undefined) ? suiteColumns : [];
  const columns = [...leading, ...wideColumns.slice(0, -2), ...own, ...wideColumns.slice(-2)].map(
    ([header, value]): Column => {
      const cells = results.map((result) => plainText(`${value(result) ?? ''}`) || '<none>');
      if (header !== 'VERDICT') return { header: [header], cells };
      return { header: [header], cells, paint: (text, row) => paint(results[row]?.verdict ?? 'error', text) };
    },
  );
  const table = results.length === 0 ? [] : [...columnLines(columns, options.headers), ''];
  return [...table, ...conclusionLines(report, options)].map((line) => `${line}\n`).join('');
}
