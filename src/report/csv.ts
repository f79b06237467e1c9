// SPDX-License-Identifier: Apache-2.0
import type { Report, Result } from '../model/report.js';
import { hopsText } from './hops.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';

type Value = string | number | boolean | undefined;

const csvColumns: [name: string, value: (result: Result) => Value][] = [
  ['id', ({ id }) => id],
  ['probe', ({ probe }) => probe],
  ['startedAt', ({ startedAt }) => startedAt],
  ['sourceNamespace', ({ source }) => source.namespace],
  ['sourcePod', ({ source }) => source.pod],
  ['sourceNode', ({ source }) => source.node],
  ['sourceIp', ({ source }) => source.ip],
  ['destinationRef', ({ destination }) => destination.ref],
  ['destinationKind', ({ destination }) => destination.kind],
  ['destinationNamespace', ({ destination }) => destination.namespace],
  ['destinationName', ({ destination }) => destination.name],
  ['destinationNode', ({ destination }) => destination.node],
  ['destinationAddress', ({ destination }) => destination.address],
  ['destinationPort', ({ destination }) => destination.port],
  ['destinationProtocol', ({ destination }) => destination.protocol],
  ['expect', ({ expect }) => expect],
  ['verdict', ({ verdict }) => verdict],
  ['reason', ({ reason }) => reason],
  ['message', ({ message }) => message],
  ['attempts', ({ attempts }) => attempts],
  [
    'attemptResults',
    ({ attemptResults }) =>
      attemptResults?.map(({ reason, ms }) => (ms === undefined ? reason : `${reason}:${ms}`)).join(' '),
  ],
  ['controlSource', ({ control }) => control?.source],
  ['controlReached', ({ control }) => control?.reached],
  ['sent', ({ sent }) => sent],
  ['received', ({ received }) => received],
  ['duplicates', ({ duplicates }) => duplicates],
  ['lossPercent', ({ lossPercent }) => lossPercent],
  ['rttMinMs', ({ rttMs }) => rttMs?.min],
  ['rttAvgMs', ({ rttMs }) => rttMs?.avg],
  ['rttP50Ms', ({ rttMs }) => rttMs?.p50],
  ['rttP95Ms', ({ rttMs }) => rttMs?.p95],
  ['rttP99Ms', ({ rttMs }) => rttMs?.p99],
  ['rttMaxMs', ({ rttMs }) => rttMs?.max],
  ['rttJitterMs', ({ rttMs }) => rttMs?.jitter],
  ['from', ({ from }) => from],
  ['nextMtu', ({ nextMtu }) => nextMtu],
  ['udpProof', ({ udpProof }) => udpProof],
  ['tlsHandshakeMs', ({ tls }) => tls?.handshakeMs],
  ['tlsSubject', ({ tls }) => tls?.subject],
  ['tlsIssuer', ({ tls }) => tls?.issuer],
  ['tlsNotAfter', ({ tls }) => tls?.notAfter],
  ['tlsError', ({ tls }) => tls?.error],
  ['dnsName', ({ dns }) => dns?.name],
  ['dnsType', ({ dns }) => dns?.type],
  ['dnsQueried', ({ dns }) => dns?.queried],
  ['dnsQueries', ({ dns }) => dns?.queries],
  ['dnsRcode', ({ dns }) => dns?.rcode],
  ['dnsAnswers', ({ dns }) => dns?.answers.join(' ')],
  ['dnsTtl', ({ dns }) => dns?.ttl],
  ['dnsAuthoritative', ({ dns }) => dns?.authoritative],
  ['httpUrl', ({ http }) => http?.url],
  ['httpMethod', ({ http }) => http?.method],
  ['httpStatus', ({ http }) => http?.status],
  ['httpVersion', ({ http }) => http?.version],
  ['httpNameMs', ({ http }) => http?.phases?.nameMs],
  ['httpConnectMs', ({ http }) => http?.phases?.connectMs],
  ['httpTlsMs', ({ http }) => http?.phases?.tlsMs],
  ['httpFirstByteMs', ({ http }) => http?.phases?.firstByteMs],
  ['httpTotalMs', ({ http }) => http?.phases?.totalMs],
  ['httpRedirects', ({ http }) => http?.redirects],
  ['httpFinalUrl', ({ http }) => http?.finalUrl],
  ['httpLocation', ({ http }) => http?.location],
  ['httpBodyBytes', ({ http }) => http?.bodyBytes],
  ['mtu', ({ mtu }) => mtu?.pathMtu],
  ['mtuSmallestLost', ({ mtu }) => mtu?.smallestLost],
  ['interface', ({ mtu }) => mtu?.interface],
  ['interfaceMtu', ({ mtu }) => mtu?.interfaceMtu],
  ['mtuLimitedBy', ({ mtu }) => mtu?.limitedBy],
  ['mtuRouter', ({ mtu }) => mtu?.router],
  ['mtuBack', ({ mtu }) => mtu?.reverse?.pathMtu],
  ['mtuBackLimitedBy', ({ mtu }) => mtu?.reverse?.limitedBy],
  ['hops', hopsText],
  ['labels', ({ labels }) => labels && JSON.stringify(labels)],
  ['suite', ({ suite }) => suite],
  ['test', ({ test }) => test],
  ['tags', ({ tags }) => tags?.join(' ')],
  ['tries', ({ tries }) => tries],
  ['shape', ({ shape }) => shape],
  ['policiesEgress', ({ policies }) => policies?.egress.join(' ')],
  ['policiesIngress', ({ policies }) => policies?.ingress.join(' ')],
  ['policiesText', ({ policies }) => policies?.text],
  ['policiesDisagree', ({ policies }) => policies?.disagrees],
];

/**
 * One field by RFC 4180, quoted only where it must be. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front (OWASP, CSV injection): messages hold what programs in pods have printed.
 */
export function csvField(value: Value): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const text = plainText(value);
  const inert = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** `-o csv`: RFC 4180 with CRLF, a line a result, every column always there. */
export function renderCsv({ results }: Report, { headers }: Pick<RenderOptions, 'headers'>): string {
  const lines = results.map((result) => csvColumns.map(([, value]) => csvField(value(result))).join(','));
  const names = csvColumns.map(([name]) => name).join(',');
  return (headers ? [names, ...lines] : lines).map((line) => `${line}\r\n`).join('');
}
