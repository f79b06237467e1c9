// SPDX-License-Identifier: Apache-2.0
import type { Result, ResultDestination } from '../model/report.js';
import { plainText } from './plain-text.js';
import { podStem } from './pod-stem.js';

/** The pod that packets left from, without what a new pod of the same workload has another one of. */
export function stableSource({ source: { namespace, pod } }: Result): string {
  return plainText(`${namespace}/${podStem(pod)}`);
}

/** Which of the things behind a reference it is, where the reference does not say. */
function memberName({ kind, ref, name, address, port }: ResultDestination): string {
  const stem = name === undefined ? address : podStem(name);
  if (kind === 'endpoint') return ` endpoint ${stem}${port === undefined ? '' : `:${port}`}`;
  if (kind === 'service' && address === '') return ' endpoints';
  if (kind === 'pod' && name !== undefined && !ref.includes(name)) return ` pod ${stem}`;
  if (kind === 'service' && name !== undefined && !ref.includes(name)) return ` service ${name}`;
  return kind === 'ip' && address !== '' && !ref.includes(address) ? ` address ${address}` : '';
}

/** What a DNS or HTTP server was asked for, where the reference is the server. */
function questionOf({ dns, http, destination: { ref } }: Result): string {
  if (dns !== undefined) return ref.includes(dns.name) ? '' : ` ${dns.type} ${dns.name}`;
  return http === undefined || ref.includes(http.url) ? '' : ` ${http.method} ${http.url}`;
}

/** The port, where the reference does not say it and the probe has not always the same. */
function portText({ destination: { ref, kind, port, protocol }, probe }: Result): string {
  const isSaid = kind === 'endpoint' || /:[\w-]+$/.test(ref);
  if (port === undefined || (probe === 'dns' && port === 53)) return '';
  return `${isSaid ? '' : ` port ${port}`}${protocol === 'udp' && probe !== 'udp' ? ' udp' : ''}`;
}

/** The destination as it was asked for, without addresses and names that change from run to run where there is a reference. */
export function stableDestination(result: Result): string {
  const { destination } = result;
  const { ref, address } = destination;
  const family = address.includes(':') && !ref.includes(address) ? ' over IPv6' : '';
  return plainText(`${ref}${memberName(destination)}${portText(result)}${family}${questionOf(result)}`);
}

/** What was tested, in words that are the same in the next run: `tcp shop/web to svc/api:80`. */
export function testName(result: Result): string {
  const test = result.test === undefined ? '' : `${plainText(result.test)}: `;
  const expected = result.expect === 'deny' ? ' denied' : '';
  return `${test}${result.probe} ${stableSource(result)} to ${stableDestination(result)}${expected}`;
}

/** Why a test of a suite has no results. */
export const whyNotMade = 'not made (--fail-fast)';

/** The names in their order, each once: what would be called the same is numbered. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return names.map((name) => {
    let unique = name;
    let number = next.get(name) ?? 2;
    while (taken.has(unique)) unique = `${name} (${number++})`;
    next.set(name, number);
    taken.add(unique);
    return unique;
  });
}

/** The names of all results in their order, each once: replicas are numbered. */
export function uniqueTestNames(results: readonly Result[]): string[] {
  return uniqueNames(results.map(testName));
}
