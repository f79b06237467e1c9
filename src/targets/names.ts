// SPDX-License-Identifier: Apache-2.0
import { isIPv4, isIPv6 } from 'node:net';

/**
 * Grammars of everything that may become an argument of a program in a pod. None of them admits a leading hyphen or a
 * character that means something to a shell.
 */
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const labelPattern = new RegExp(`^${label}$`);
const subdomainPattern = new RegExp(`^${label}(\\.${label})*$`);
const hostPattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;

/** RFC 1123 label as Kubernetes takes it: at most 63 characters, lower case. */
export function isDnsLabel(word: string): boolean {
  return word.length <= 63 && labelPattern.test(word);
}

/** RFC 1123 subdomain as Kubernetes takes it for names: at most 253 characters, lower case. */
export function isDnsSubdomain(word: string): boolean {
  return word.length <= 253 && subdomainPattern.test(word);
}

/** Whether resolvers would read the word as an IPv4 address in one of inet_aton's old forms (WHATWG URL: "ends in a number"). */
export function endsInNumber(word: string): boolean {
  const last = word.replace(/\.$/, '').split('.').at(-1) ?? '';
  return /^(\d+|0x[0-9a-f]*)$/i.test(last);
}

/** A host name (RFC 1123 section 2.1) in lower case, an ending dot kept; undefined where the word is none. */
export function hostName(word: string): string | undefined {
  const lower = word.toLowerCase();
  const bare = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  if (bare.length > 253 || !hostPattern.test(bare) || endsInNumber(bare)) return undefined;
  return lower;
}

/** A port name: IANA_SVC_NAME (RFC 6335) of a container, or the DNS label that Service ports are named by. */
export function isPortName(word: string): boolean {
  return isDnsLabel(word) && /[a-z]/.test(word);
}

export type IpFamily = 4 | 6;

/** The family of an IP literal, undefined where it is none. A zone id makes it none. */
export function ipFamily(word: string): IpFamily | undefined {
  if (isIPv4(word)) return 4;
  return isIPv6(word) && !word.includes('%') ? 6 : undefined;
}

/** An IPv6 address in the one form that RFC 5952 recommends, without dotted decimals (WHATWG URL's serializer). */
export function canonicalIpv6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
