// SPDX-License-Identifier: Apache-2.0
import { isIP, isIPv4 } from 'node:net';
import { domainToASCII } from 'node:url';
import { Failure } from '../errors/failure.js';

/** The types of records that can be asked for. */
export const dnsTypes = ['A', 'AAAA', 'CNAME', 'PTR', 'SRV'] as const;

export type DnsType = (typeof dnsTypes)[number];

const labelPattern = /^[A-Za-z0-9_*]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/** A type as a person writes it. Throws a usage Failure. */
export function dnsType(word: string): DnsType {
  const type = dnsTypes.find((known) => known === word.toUpperCase());
  if (type !== undefined) return type;
  throw new Failure('usage', `unknown record type "${word}"`, { hint: `types are ${dnsTypes.join(', ')}` });
}

/** RFC 1035 section 4.1.1 and RFC 2136 section 2.2, as dig names them. */
const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'NOTAUTH'];

/** A response code as a person writes it. Throws a usage Failure. */
export function dnsRcode(word: string): string {
  const rcode = rcodes.find((known) => known === word.toUpperCase());
  if (rcode !== undefined) return rcode;
  throw new Failure('usage', `unknown response code "${word}"`, { hint: `response codes are ${rcodes.join(', ')}` });
}

/** A domain name as it is asked for; a dot at the end makes it absolute. Throws a usage Failure for what is none. */
export function dnsName(word: string): string {
  if (word.includes('/')) {
    throw new Failure('usage', `"${word}" is not a domain name`, {
      hint: 'dns asks for names, not for objects: the name of a Service is NAME.NAMESPACE.svc.cluster.local',
    });
  }
  const name = /^[\x21-\x7e]+$/.test(word) ? word : domainToASCII(word);
  const bare = name.replace(/\.$/, '');
  if (bare.length <= 253 && bare.split('.').every((label) => labelPattern.test(label))) return name;
  throw new Failure('usage', `"${word}" is not a domain name`);
}

/** The name that stands for an address in reverse (RFC 1035 section 3.5, RFC 3596 section 2.5), absolute. */
export function reverseName(address: string): string {
  if (isIPv4(address)) return `${address.split('.').reverse().join('.')}.in-addr.arpa.`;
  const [head = '', tail] = withoutDottedEnd(address).split('::');
  const [front, back] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const gap = 8 - (front?.length ?? 0) - (back?.length ?? 0);
  const groups = [...(front ?? []), ...Array.from({ length: gap }, () => '0'), ...(back ?? [])];
  const digits = groups.flatMap((group) => group.padStart(4, '0').match(/./g) ?? []);
  return `${digits.reverse().join('.')}.ip6.arpa.`;
}

/** `::ffff:10.0.0.1` -> `::ffff:a00:1` */
function withoutDottedEnd(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** What a word asks for: its records of a type, or where it is an address the name behind it. Throws a usage Failure. */
export function dnsQuestion(word: string, type: DnsType): { name: string; type: DnsType; asked: string } {
  if (isIP(word) !== 0 && !word.includes('%')) return { name: word, type: 'PTR', asked: reverseName(word) };
  return { name: word, type, asked: dnsName(word) };
}
