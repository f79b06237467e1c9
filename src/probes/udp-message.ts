// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { DnsReply } from './dns-query.js';
import { unreachedMessage } from './tcp-reason.js';

/** An answer to the last of some datagrams, in words for people. */
export function answeredMessage(datagrams: number, dns: DnsReply | undefined): string {
  const resent = datagrams > 1 ? ` to datagram ${datagrams}` : '';
  const said = dns === undefined ? '' : ` (${dns.status}, ${dns.answers} answer${dns.answers === 1 ? '' : 's'})`;
  return `answered${resent}${said}`;
}

/** Why there was no answer, in words for people; `said` is the tool's own word for it. */
export function unansweredMessage(
  reason: Reason,
  datagrams: number,
  timeoutMs: number,
  family: 4 | 6,
  said: string,
): string {
  switch (reason) {
    case 'Silent':
      return `no answer to ${datagrams} datagram${datagrams === 1 ? '' : 's'} within ${timeoutMs} ms`;
    case 'Refused':
      return 'refused (ICMP port unreachable)';
    case 'Prohibited':
      return 'administratively prohibited';
    case 'HostUnreachable':
      return 'no route to host (a route in the pod says so)';
    default:
      return unreachedMessage(reason, family) ?? said;
  }
}
