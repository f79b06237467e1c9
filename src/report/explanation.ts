// SPDX-License-Identifier: Apache-2.0
import type { Report, Result } from '../model/report.js';
import { addressText } from './destination-label.js';
import { formatMs, formatPercent } from './figures.js';
import { plainText } from './plain-text.js';

/** One fact of a result for people: what it is called, and what it is. */
export type Fact = [name: string, value: string];

function timesText({ rttMs }: Result): string | undefined {
  if (rttMs === undefined) return undefined;
  const figures = (['min', 'avg', 'p50', 'p95', 'p99', 'max', 'jitter'] as const).flatMap((name) => {
    const value = rttMs[name];
    return value === undefined ? [] : [`${name} ${formatMs(value)}`];
  });
  return `${figures.join(', ')} ms`;
}

function packetsText({ sent, received, duplicates = 0, lossPercent }: Result): string | undefined {
  if (sent === undefined) return undefined;
  const loss = lossPercent === undefined ? '' : `, ${formatPercent(lossPercent)} lost`;
  return `${sent} sent, ${received ?? 0} received${loss}${duplicates === 0 ? '' : `, ${duplicates} duplicated`}`;
}

function attemptsText({ attemptResults }: Result): string | undefined {
  if (attemptResults === undefined || attemptResults.length === 0) return undefined;
  return attemptResults
    .map(({ reason, ms }) => (ms === undefined ? reason : `${reason} ${formatMs(ms)} ms`))
    .join(', ');
}

function policiesText({ policies }: Result): string | undefined {
  if (policies === undefined) return undefined;
  const disagrees =
    policies.disagrees === undefined
      ? ''
      : { notEnforced: ' (accepted, but not enforced)', deniedElsewhere: ' (denied by something else)' }[
          policies.disagrees
        ];
  return `${policies.message}${disagrees}; an explanation, not a proof`;
}

/** Where it was tested and what was found, as far as there is something to say; every text is one line. */
export function factsOf(result: Result): Fact[] {
  const { source, destination, control, tls, dns, http, mtu, tries } = result;
  const node = (name: string | undefined) => (name === undefined || name === '' ? '' : ` on ${name}`);
  const facts: [string, string | undefined][] = [
    ['source', `${source.namespace}/${source.pod}${source.ip === '' ? '' : ` (${source.ip})`}${node(source.node)}`],
    [
      'destination',
      `${[destination.ref, destination.kind, destination.name ?? '', addressText(destination)]
        .filter((text) => text !== '')
        .join(', ')}${node(destination.node)}`,
    ],
    ['expected', result.expect],
    ['control', control && `${control.source} ${control.reached ? 'reached it' : 'did not reach it either'}`],
    ['attempts', attemptsText(result)],
    ['packets', packetsText(result)],
    ['times', timesText(result)],
    ['from', result.from],
    ['next MTU', result.nextMtu === undefined ? undefined : `${result.nextMtu} bytes`],
    ['proof', result.udpProof],
    ['certificate', tls && (tls.error ?? [tls.subject, tls.issuer, tls.notAfter].filter(Boolean).join(', '))],
    ['question', dns && `${dns.type} ${dns.name} (asked as ${dns.queried}, ${dns.queries} queries)`],
    ['answer', dns && [dns.rcode ?? 'none', ...dns.answers].join(' ')],
    ['request', http && `${http.method} ${http.url}`],
    ['response', http?.status === undefined ? undefined : `${http.status}, HTTP/${http.version ?? '?'}`],
    ['path MTU', mtu?.pathMtu === undefined ? undefined : `${mtu.pathMtu} bytes`],
    [
      'hops',
      result.hops
        ?.map(({ hop, address, rttMs }) => `${hop} ${address ?? '*'}${rttMs ? ` ${formatMs(rttMs.avg)} ms` : ''}`)
        .join(', '),
    ],
    ['tries', tries === undefined ? undefined : `${tries}`],
    ['shape', result.shape],
    ['tags', result.tags?.join(', ')],
    ['policies', policiesText(result)],
  ];
  return facts.flatMap(([name, value]): Fact[] => {
    const text = plainText(value ?? '');
    return text === '' ? [] : [[name, text]];
  });
}

/** The hints that speak of each result, by its id. */
export function hintsByResult({ hints }: Report): Map<string, string[]> {
  const byResult = new Map<string, string[]>();
  for (const { results, text } of hints) {
    for (const id of new Set(results)) byResult.set(id, [...(byResult.get(id) ?? []), plainText(text)]);
  }
  return byResult;
}
