// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import { quotedLine } from './lines.js';

/** Why echo requests were not answered, as a line of a tool says. */
export interface IcmpCause {
  reason: Reason;
  /** For a person; without the sender of the error. */
  text: string;
  /** Who sent the ICMP error. */
  from?: string;
  /** The next hop's MTU in bytes. */
  nextMtu?: number;
}

/** A text, what it stands for, and better words for a person where the tool's own would mislead. */
type Meaning = readonly [RegExp, Reason, string?];

/**
 * Texts of ICMP errors: iputils ping (ping/ping.c pr_icmph, ping/ping6_common.c print_icmp) and fping's table
 * (icmp_unreach_str). RFC 792, RFC 1122 section 3.2.2.1, RFC 4443 section 3.
 */
const icmpErrors: readonly Meaning[] = [
  [/frag(?:mentation)? needed|packet too big/i, 'MessageTooLong'],
  [/time to live exceeded|time exceeded/i, 'TimeExceeded'],
  [/filtered|prohibited|precedence|beyond scope|unknown code 5|bad code: 13/i, 'Prohibited'],
  // Nothing but a packet filter answers an echo request so.
  [/port unreachable|protocol unreachable/i, 'Prohibited'],
  [/address unreachable|host un|host isolated|destination host/i, 'HostUnreachable'],
  [/no route|net(?:work)? un|destination net|source route failed|unknown code 6/i, 'NetworkUnreachable'],
  [/unreach/i, 'HostUnreachable'],
];

/** Texts of the tool itself or of its own kernel (errno(3), getaddrinfo(3)); nothing of this came from the network. */
const localErrors: readonly Meaning[] = [
  [/are you root/i, 'PingNotPermitted', 'busybox ping works for root with NET_RAW only'],
  [
    /missing cap_net_raw|must run as root|socket: (?:operation not permitted|permission denied)/i,
    'PingNotPermitted',
    'unprivileged ICMP echo is not permitted here (sysctl net.ipv4.ping_group_range)',
  ],
  [/message too long/i, 'MessageTooLong'],
  [/name or service not known|name does not resolve|name resolution|bad address|unknown host/i, 'NameNotFound'],
  [/no address associated|address family for hostname|: try again$/i, 'NameNotFound'],
  [/no route to host|host is unreachable/i, 'HostUnreachable'],
  [/network is unreachable|network unreachable/i, 'NetworkUnreachable'],
  [/cannot assign requested address|address not available/i, 'NetworkUnreachable', 'no address to send from'],
  [/address family not supported/i, 'NetworkUnreachable', 'the pod has no such address family'],
  // EINVAL and EACCES are what a blackhole and a prohibit route give (ip-route(8)); iputils takes EACCES for broadcast.
  [/connect: invalid argument/i, 'NetworkUnreachable', "the source's own routes discard packets to it"],
  [
    /(?:sendmsg|sendto|connect): (?:operation not permitted|permission denied)|do you want to ping broadcast/i,
    'Prohibited',
    "refused by the source's own routes or packet filter",
  ],
];

/** The cause that a line of iputils or busybox ping names, or undefined for a line that names none. */
export function causeOfPingLine(line: string): IcmpCause | undefined {
  const sent = /^From (\S+?):? (?:\((\S+?)\):? )?(?:icmp_)?seq=\d+ (.+)$/.exec(line);
  if (sent) return icmpError(sent[3] ?? '', sent[2] ?? sent[1]);
  const busybox = /^(?:\S*ping6?: )?warning: got ICMP(?:v6)? \d+ \((.+)\)$/.exec(line);
  if (busybox) return icmpError(busybox[1] ?? '', undefined);
  return localError(line);
}

/** The cause and the destination of a line that fping prints for an ICMP error (privileged) or for a bad name. */
export function causeOfFpingLine(line: string): { word: string; cause: IcmpCause } | undefined {
  const error = /^ICMP(?:v6)? (.+?) from (\S+) for ICMP(?:v6)? Echo sent to (\S+)/i.exec(line);
  if (error) return about(error[3] ?? '', icmpError(error[1] ?? '', error[2]));
  const named = /^(\S+): (.+)$/.exec(line);
  return named ? about(named[1] ?? '', localError(line)) : undefined;
}

/** A tool's message without the tool's name or path and the system call before it. */
export function withoutToolName(line: string): string {
  return quotedLine(line)
    .replace(/^\S*f?ping6?: /, '')
    .replace(/^(?:connect|sendmsg|sendto|socket|local error): /, '');
}

function about(word: string, cause: IcmpCause | undefined): { word: string; cause: IcmpCause } | undefined {
  return cause && { word, cause };
}

function icmpError(text: string, from: string | undefined): IcmpCause | undefined {
  const meaning = meaningOf(text, icmpErrors);
  return meaning && withMtu({ reason: meaning[1], text, ...(from === undefined ? {} : { from }) });
}

function localError(line: string): IcmpCause | undefined {
  const meaning = meaningOf(line, localErrors);
  return meaning && withMtu({ reason: meaning[1], text: meaning[2] ?? withoutToolName(line) });
}

function meaningOf(text: string, meanings: readonly Meaning[]): Meaning | undefined {
  return meanings.find(([pattern]) => pattern.test(text));
}

function withMtu(cause: IcmpCause): IcmpCause {
  const mtu = /mtu\s*[=:]\s*(\d{1,6})/i.exec(cause.text)?.[1];
  return cause.reason === 'MessageTooLong' && mtu !== undefined ? { ...cause, nextMtu: Number(mtu) } : cause;
}
