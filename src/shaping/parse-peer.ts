// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { parseDestination } from '../targets/destination-grammar.js';
import { canonicalIpv6, ipFamily } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import type { DestinationRef } from '../targets/refs.js';

/** One word of `--peer` or `--exclude`: a network, or what `ping` takes as a destination. */
export type PeerWord = { text: string; cidr: string } | { text: string; ref: DestinationRef };

const portHint = 'a peer has no port: use --port, --destination-port or --source-port beside it';

/** `ADDRESS/BITS` with a canonical address; undefined where the word is no network. Throws Failure `usage`. */
function parseCidr(word: string): string | undefined {
  const match = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(word);
  const family = ipFamily(match?.[1] ?? '');
  if (match === null || family === undefined) return undefined;
  const bits = Number(match[2]);
  if (bits > (family === 4 ? 32 : 128))
    throw new Failure('usage', `${quote(word)}: no IPv${family} network has /${bits}`);
  const address = match[1] ?? '';
  return `${family === 6 ? canonicalIpv6(address) : address}/${bits}`;
}

/** One word of `--peer` or `--exclude`, without asking the cluster. Throws Failure `usage`. */
export function parsePeer(word: string): PeerWord {
  const cidr = parseCidr(word);
  if (cidr !== undefined) return { text: word, cidr };
  const withPort = /^(?:\[[^\]]*\]|[^:[\]]*):\w*$/.test(word);
  if (withPort) throw new Failure('usage', `${quote(word)} names a port`, { hint: portHint });
  const ref = parseDestination(word, { verb: 'ping' });
  return { text: word, ref };
}

/** An address as the network that holds nothing else. */
export function hostCidr(address: string): string {
  return `${address}/${ipFamily(address) === 6 ? 128 : 32}`;
}
