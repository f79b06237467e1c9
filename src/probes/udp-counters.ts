// SPDX-License-Identifier: Apache-2.0
import type { ProbeParser, RemoteCommand } from './probe.js';

/** UDP counters of a network namespace (RFC 4113), both families added up. */
export interface UdpCounters {
  /** Datagrams that were delivered to a socket. */
  inDatagrams: number;
  /** Datagrams to a port where nobody listens. */
  noPorts: number;
  /** Datagrams that could not be delivered for another reason, a full buffer for example. */
  inErrors: number;
}

/** Reads the counters of the pod that it is executed in. Takes no capability. */
export function udpCountersCommand(): RemoteCommand {
  // A kernel without IPv6 has no snmp6; then cat fails, and what it printed of the other counts.
  return { argv: ['cat', '/proc/net/snmp', '/proc/net/snmp6'], limitMs: 12_000 };
}

/** The counters, or undefined where the output holds none: an outcome for the one destination that it was executed in. */
export function udpCountersParser(): ProbeParser<never, UdpCounters | undefined> {
  let names: string[] | undefined;
  let ipv4: Map<string, number> | undefined;
  const ipv6 = new Map<string, number>();

  return {
    stdout(line) {
      const words = line.trim().split(/\s+/);
      if (words[0] === 'Udp:') {
        if (names === undefined) names = words;
        else ipv4 ??= new Map(names.map((name, at) => [name, count(words[at])]));
      } else if (words.length === 2 && words[0]?.startsWith('Udp6')) {
        ipv6.set(words[0].slice('Udp6'.length), count(words[1]));
      }
      return [];
    },
    stderr: () => [],
    end() {
      const first = ipv4;
      if (first === undefined) return [undefined];
      const sum = (name: string): number => (first.get(name) ?? Number.NaN) + (ipv6.get(name) ?? 0);
      const counters = { inDatagrams: sum('InDatagrams'), noPorts: sum('NoPorts'), inErrors: sum('InErrors') };
      return [Object.values(counters).every(Number.isSafeInteger) ? counters : undefined];
    },
  };
}

function count(word: string | undefined): number {
  return word !== undefined && /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN;
}
