// SPDX-License-Identifier: Apache-2.0
import { formatCidr, maskWord, type Family } from './cidr.js';
import type { Selector } from './scope.js';

/** One comparison of u32: the 32-bit word at a byte of the network header. */
export interface U32Key {
  value: number;
  mask: number;
  at: number;
}

/** A filter of ours: what tc(8) is told, and the keys that it makes of it, ordered by place. */
export interface U32Match {
  words: string;
  keys: readonly U32Key[];
}

/** tc(8)'s words for EtherTypes. */
export const protocolName: Readonly<Record<Family, string>> = { 4: 'ip', 6: 'ipv6' };

const protocolNumbers: Readonly<Record<Family, Readonly<Record<'tcp' | 'udp' | 'icmp', number>>>> = {
  4: { tcp: 6, udp: 17, icmp: 1 },
  6: { tcp: 6, udp: 17, icmp: 58 },
};

/** Where the fields are, in bytes from the network header. IPv4 is taken to have no options, IPv6 no extension headers. */
const places = {
  4: { source: 12, destination: 16, transport: 20 },
  6: { source: 8, destination: 24, transport: 40 },
} as const;

/** What neighbour discovery (RFC 4861) is to IPv6, ARP is to IPv4: without it there is no link. ICMPv6 types 133-137. */
export const neighbourDiscovery: readonly U32Match[] = [
  { type: 0x85, mask: 0xff },
  { type: 0x86, mask: 0xfe },
  { type: 0x88, mask: 0xfe },
].map(({ type, mask }) => ({
  words: `match ip6 protocol 58 0xff match u8 ${hex(type, 2)} ${hex(mask, 2)} at 40`,
  keys: [nextHeader(58), { value: type * 2 ** 24, mask: mask * 2 ** 24, at: 40 }],
}));

/** The filter for packets of one kind; `side` is where the peer's address is. */
export function matchOf(selector: Selector, side: 'source' | 'destination'): U32Match {
  const { family, peer, protocol, sourcePort, destinationPort } = selector;
  const words: string[] = [];
  const keys: U32Key[] = [];
  const ip = family === 4 ? 'ip' : 'ip6';
  if (peer !== undefined && peer.length > 0) {
    words.push(`match ${ip} ${side === 'source' ? 'src' : 'dst'} ${formatCidr(peer)}`);
    peer.words.forEach((value, index) => {
      const mask = maskWord(peer.length, index);
      if (mask !== 0) keys.push({ value, mask, at: places[family][side] + 4 * index });
    });
  }
  if (protocol !== undefined) {
    const number = protocolNumbers[family][protocol];
    words.push(`match ${ip} protocol ${number} 0xff`);
    keys.push(family === 4 ? { value: number * 2 ** 16, mask: 0xff0000, at: 8 } : nextHeader(number));
  }
  if (sourcePort !== undefined || destinationPort !== undefined) {
    const transport = places[family].transport;
    if (family === 4) {
      // With options the ports are elsewhere, and later fragments have none.
      words.push('match u8 0x05 0x0f at 0', 'match u16 0x0000 0x1fff at 6');
      keys.push({ value: 0x05000000, mask: 0x0f000000, at: 0 }, { value: 0, mask: 0x1fff, at: 4 });
    }
    if (sourcePort !== undefined) {
      words.push(`match ${ip} sport ${sourcePort} 0xffff`);
      keys.push({ value: sourcePort * 2 ** 16, mask: 0xffff0000, at: transport });
    }
    if (destinationPort !== undefined) {
      words.push(`match ${ip} dport ${destinationPort} 0xffff`);
      keys.push({ value: destinationPort, mask: 0xffff, at: transport });
    }
  }
  return words.length === 0 ? everything : { words: words.join(' '), keys: mergedKeys(keys) };
}

/** Every packet of the filter's protocol. */
export const everything: U32Match = { words: 'match u32 0 0', keys: [{ value: 0, mask: 0, at: 0 }] };

function nextHeader(number: number): U32Key {
  return { value: number * 2 ** 8, mask: 0xff00, at: 4 };
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

/** tc(8) makes one key of those at the same place. */
export function mergedKeys(keys: readonly U32Key[]): U32Key[] {
  const byPlace = new Map<number, U32Key>();
  for (const { value, mask, at } of keys) {
    const before = byPlace.get(at) ?? { value: 0, mask: 0 };
    byPlace.set(at, { value: (before.value | value) >>> 0, mask: (before.mask | mask) >>> 0, at });
  }
  return [...byPlace.values()].sort((one, other) => one.at - other.at);
}
