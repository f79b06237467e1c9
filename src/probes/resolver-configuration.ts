// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';

/** What of a resolv.conf decides which servers are asked, and for which names. */
export interface ResolverConfiguration {
  /** Addresses, at most three. */
  nameservers: string[];
  /** Domains without a dot at the end; an empty one is the root. */
  search: string[];
  ndots: number;
}

/** MAXNS and RES_MAXNDOTS of glibc's <resolv.h>. */
const maxNameservers = 3;
const maxNdots = 15;
/** RFC 1035 section 2.3.4, as text and without the dot at the end. */
const maxNameLength = 253;

/** Reads a resolv.conf (resolv.conf(5)): the last `search` or `domain` counts, and all `options`. Never throws. */
export function resolverConfiguration(text: string): ResolverConfiguration {
  const nameservers: string[] = [];
  let search: string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'nameserver' && values[0] !== undefined && isIP(values[0]) !== 0) nameservers.push(values[0]);
    if (keyword === 'search') search = values;
    if (keyword === 'domain') search = values.slice(0, 1);
    if (keyword !== 'options') continue;
    for (const option of values) {
      const [, number] = /^ndots:(\d{1,4})$/.exec(option) ?? [];
      if (number !== undefined) ndots = Math.min(Number(number), maxNdots);
    }
  }
  return {
    // Without any, resolvers ask this host (resolv.conf(5)).
    nameservers: nameservers.length === 0 ? ['127.0.0.1'] : nameservers.slice(0, maxNameservers),
    search: search.map((domain) => domain.replace(/\.$/, '')),
    ndots,
  };
}

/** The names that a resolver asks for, in their order, all absolute. */
export interface SearchPath {
  names: string[];
  /** The name itself was the first of several: where none has records, its answer is the one that counts. */
  ownFirst: boolean;
}

/**
 * What glibc's resolver makes of a name (res_search of resolv/res_query.c): with a dot at the end it is absolute; with at
 * least `ndots` dots it is asked for itself before the search domains, otherwise after them. (musl does not search at all in
 * the former case.)
 */
export function searchPath(name: string, { search, ndots }: ResolverConfiguration): SearchPath {
  if (name.endsWith('.')) return { names: [name], ownFirst: true };
  const own = `${name}.`;
  const searched = search.map((domain) => (domain === '' ? own : `${name}.${domain}.`));
  const ownFirst = name.split('.').length - 1 >= ndots;
  const names = ownFirst ? [own, ...searched] : [...searched, own];
  return { names: [...new Set(names)].filter(({ length }) => length <= maxNameLength + 1), ownFirst };
}
