// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import type { AgentReport } from '../../../model/check.js';

/** Bounds of a report; Kubernetes allows 3 servers and 32 domains. */
const mostNameservers = 8;
const mostDomains = 32;

/** Whom a resolv.conf has asked, and in which domains (resolv.conf(5)): the last `search` or `domain` counts. */
export function resolverOf(text: string): AgentReport['resolver'] {
  const nameservers: string[] = [];
  let search: string[] = [];
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/);
    const [first] = values;
    if (keyword === 'nameserver' && first !== undefined && isIP(first.replace(/%.*$/, '')) !== 0)
      nameservers.push(first);
    if (keyword === 'search') search = values;
    if (keyword === 'domain') search = values.slice(0, 1);
  }
  return { nameservers: nameservers.slice(0, mostNameservers), search: search.slice(0, mostDomains) };
}
