// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';

/** strerror(3) texts, lower case, of glibc and (where they differ) of musl and busybox. */
const reasonsByText: readonly (readonly [string, Reason])[] = [
  ['connection refused', 'Refused'],
  ['connection reset', 'Refused'],
  ['no route to host', 'HostUnreachable'],
  ['host is unreachable', 'HostUnreachable'],
  ['host unreachable', 'HostUnreachable'],
  ['host is down', 'HostUnreachable'],
  ['network is unreachable', 'NetworkUnreachable'],
  ['network unreachable', 'NetworkUnreachable'],
  ['network is down', 'NetworkUnreachable'],
  // No address of that family, so no way there.
  ['cannot assign requested address', 'NetworkUnreachable'],
  ['address not available', 'NetworkUnreachable'],
  ['address family not supported', 'NetworkUnreachable'],
  // EACCES: ICMPv6 "administratively prohibited" (net/ipv6/icmp.c, tab_unreach) or a `prohibit` route.
  ['permission denied', 'Prohibited'],
  // EPERM: a local packet filter.
  ['operation not permitted', 'Prohibited'],
  ['connection timed out', 'TimedOut'],
  ['operation timed out', 'TimedOut'],
  ['timed out', 'TimedOut'],
  ['name does not resolve', 'NameNotFound'],
  ['name or service not known', 'NameNotFound'],
  ['name resolution', 'NameNotFound'],
];

/** What an error text of a socket call says; ToolFailed for a text that is none. */
export function socketErrorReason(text: string): Reason {
  const lower = text.toLowerCase();
  return reasonsByText.find(([part]) => lower.includes(part))?.[1] ?? 'ToolFailed';
}

/** The part of a shell's or tool's error line that speaks of the error itself. */
export function socketErrorText(line: string): string {
  return line.slice(line.lastIndexOf(': ') + 1).trim();
}

/** The reason that tells most, of attempts none of which reached the destination. */
export function mostTellingReason(reasons: readonly Reason[]): Reason | undefined {
  return telling.find((reason) => reasons.includes(reason)) ?? reasons[0];
}

const telling: readonly Reason[] = [
  'Refused',
  'Prohibited',
  'HostUnreachable',
  'NetworkUnreachable',
  'NameNotFound',
  'ToolFailed',
  'TimedOut',
  'Silent',
];

/** A failure to reach a destination in words for people. */
export function unreachedMessage(reason: Reason, family: 4 | 6): string | undefined {
  switch (reason) {
    case 'Refused':
      return 'refused';
    case 'HostUnreachable':
      // EHOSTUNREACH: no neighbour answered, or any of several ICMP messages; a socket cannot tell which.
      return `no route to host (${family === 4 ? 'ARP' : 'neighbour discovery'} failed or an ICMP filter)`;
    case 'NetworkUnreachable':
      return `network is unreachable (no route or no IPv${family} address in the pod)`;
    case 'Prohibited':
      return family === 4 ? 'prohibited by a local filter or route' : 'administratively prohibited';
    default:
      return undefined;
  }
}
