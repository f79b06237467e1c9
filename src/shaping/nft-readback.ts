// SPDX-License-Identifier: Apache-2.0
import { formatCidr, parseCidr } from './cidr.js';

/** What of `nft -j list table` is read: each element has one key, which says what it is. */
interface ListedTable {
  nftables?: readonly Readonly<Record<string, ListedFields | undefined>>[];
}

type ListedFields = Readonly<Record<string, unknown>>;

const elementsOf = (listing: unknown, kind: string): ListedFields[] =>
  ((listing as ListedTable | undefined)?.nftables ?? []).flatMap((element): ListedFields[] => {
    const fields = element[kind];
    return fields === undefined ? [] : [fields];
  });

/** A chain's rules as words in the order in which they are asked, close to those that made them; see {@link normalRule}. */
export function listedRules(listing: unknown, chain: string): string[] {
  return elementsOf(listing, 'rule')
    .filter((rule) => rule['chain'] === chain)
    .map((rule) => ((rule['expr'] as readonly unknown[] | undefined) ?? []).map(statementWords).join(' '));
}

/** Packets and bytes of a named counter; undefined where there is none. */
export function counterOf(listing: unknown, name: string): { packets: number; bytes: number } | undefined {
  const counter = elementsOf(listing, 'counter').find((each) => each['name'] === name);
  if (counter === undefined) return undefined;
  return { packets: Number(counter['packets']), bytes: Number(counter['bytes']) };
}

/** The hook that a chain is called from; undefined where it is not there. */
export function hookOf(listing: unknown, chain: string): string | undefined {
  const found = elementsOf(listing, 'chain').find((each) => each['name'] === chain);
  return typeof found?.['hook'] === 'string' ? found['hook'] : undefined;
}

function statementWords(statement: unknown): string {
  const [[kind, value] = ['', undefined]] = Object.entries(statement as Record<string, unknown>);
  const fields = value as Record<string, unknown> | null;
  switch (kind) {
    case 'match':
      return matchWords(value as { op: string; left: unknown; right: unknown });
    case 'goto':
      return `goto ${String(fields?.['target'])}`;
    case 'counter':
      return `counter name "${String(typeof value === 'string' ? value : fields?.['name'])}"`;
    case 'fwd':
      return `fwd to "${String(fields?.['dev'])}"`;
    default:
      return kind;
  }
}

function matchWords({ op, left, right }: { op: string; left: unknown; right: unknown }): string {
  const { payload, meta, numgen } = left as Record<string, Record<string, unknown> | undefined>;
  const sign = op === '==' ? '' : `${op} `;
  if (numgen !== undefined)
    return `numgen ${String(numgen['mode'])} mod ${String(numgen['mod'])} ${sign}${valueWords(right)}`;
  if (meta !== undefined) return `meta ${String(meta['key'])} ${sign}${valueWords(right)}`;
  const what = `${String(payload?.['protocol'])} ${String(payload?.['field'])}`;
  if (what === 'ip protocol') return `meta protocol ip meta l4proto ${valueWords(right)}`;
  const isAddress = what.endsWith('addr');
  return `${what} ${sign}${isAddress ? formatCidr(parseCidr(valueWords(right))) : valueWords(right)}`;
}

const icmpv6Types: Readonly<Record<string, string>> = { 'nd-router-solicit': '133', 'nd-redirect': '137' };

function valueWords(value: unknown): string {
  if (typeof value !== 'object' || value === null) return icmpv6Types[String(value)] ?? String(value);
  const { prefix, range } = value as { prefix?: { addr: string; len: number }; range?: readonly unknown[] };
  if (prefix !== undefined) return `${prefix.addr}/${prefix.len}`;
  if (range !== undefined) return range.map(valueWords).join('-');
  return JSON.stringify(value);
}

/**
 * A rule's words without what nft leaves out or writes otherwise when it lists it: the kind of network where a later word
 * tells it, and numbers of protocols.
 */
export function normalRule(words: string): string {
  return words
    .replace(/^meta protocol ip6? (?=meta l4proto (?:icmp|ipv6-icmp) )/, '')
    .replace(/meta l4proto icmpv6/, 'meta l4proto ipv6-icmp');
}
