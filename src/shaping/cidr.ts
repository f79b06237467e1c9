// SPDX-License-Identifier: Apache-2.0
import { isIPv4, isIPv6 } from 'node:net';
import { Failure } from '../errors/failure.js';

export type Family = 4 | 6;

/** A network: its address as 32-bit words, one or four, without the bits behind the prefix. */
export interface Cidr {
  family: Family;
  words: readonly number[];
  length: number;
}

/** `10.0.0.0/8`, `2001:db8::/32`, or an address alone. */
export function parseCidr(text: string): Cidr {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIPv4(address) ? 4 : isIPv6(address) && !address.includes('%') ? 6 : undefined;
  const bits = family === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (family === undefined || rest.length > 0 || !(length <= bits)) {
    throw new Failure('usage', `"${text}" is not a network`, { hint: 'write it such as 10.0.0.0/8 or 2001:db8::/32' });
  }
  const words = family === 4 ? [ipv4Word(address)] : ipv6Words(address);
  return { family, words: words.map((word, index) => (word & maskWord(length, index)) >>> 0), length };
}

/** The mask of a prefix's 32-bit word, counted from the left. */
export function maskWord(length: number, index: number): number {
  const ones = Math.min(Math.max(length - 32 * index, 0), 32);
  return ones === 0 ? 0 : (0xffffffff << (32 - ones)) >>> 0;
}

function ipv4Word(address: string): number {
  return address.split('.').reduce((word, byte) => word * 256 + Number(byte), 0);
}

function ipv6Words(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const before = hexGroups(head);
  const after = tail === undefined ? [] : hexGroups(tail);
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  return [0, 2, 4, 6].map((index) => (groups[index] ?? 0) * 0x10000 + (groups[index + 1] ?? 0));
}

/** The last two groups may be written as an IPv4 address. */
function hexGroups(text: string): number[] {
  return text.split(':').flatMap((group) => {
    if (group === '') return [];
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const word = ipv4Word(group);
    return [word >>> 16, word & 0xffff];
  });
}

/** As the tools take it, the prefix always written out: `10.0.0.0/8`, `2001:db8:0:0:0:0:0:1/128`. */
export function formatCidr({ family, words, length }: Cidr): string {
  const address =
    family === 4
      ? words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]).join('.')
      : compressed(words.flatMap((word) => [word >>> 16, word & 0xffff]));
  return `${address}/${length}`;
}

/** RFC 5952: the longest run of zeros, of two groups at least, is left out. */
function compressed(groups: readonly number[]): string {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  });
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (best.length < 2) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}

/** Whether the first network contains the second. */
function contains(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false;
  return outer.words.every((word, index) => ((inner.words[index] ?? 0) & maskWord(outer.length, index)) >>> 0 === word);
}

/** The networks without those that others contain, in the order given. */
export function distinctNetworks(texts: readonly string[]): Cidr[] {
  const kept: Cidr[] = [];
  for (const network of texts.map(parseCidr)) {
    if (kept.some((other) => contains(other, network))) continue;
    const outside = kept.filter((other) => !contains(network, other));
    kept.splice(0, kept.length, ...outside, network);
  }
  return kept;
}
