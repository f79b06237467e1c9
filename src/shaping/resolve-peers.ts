// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { resolveDestinations } from '../targets/destinations.js';
import type { ScopeWords } from '../model/shaping.js';
import { hostCidr, parsePeer, type PeerWord } from './parse-peer.js';

/** What peers stand for at one moment. */
export interface PeerAddresses {
  /** Networks of both families, each once, in the order of the words. */
  cidrs: readonly string[];
  /** Host names, which the shaped pod resolves itself. */
  hosts: readonly string[];
  /** Those of the networks that are meant although they are a node's own. */
  asNodes: readonly string[];
}

/** What the words of a scope stand for at one moment. */
export interface ScopeAddresses {
  peers: PeerAddresses;
  excluded: PeerAddresses;
}

/**
 * All addresses that peers stand for: of a Service its virtual addresses and endpoints, of a workload those of its pods.
 * Throws Failure `notFound` for what does not exist or has no address: a filter that nothing matches would do nothing.
 */
async function resolvePeers(cluster: Cluster, words: readonly PeerWord[], signal: AbortSignal): Promise<PeerAddresses> {
  const refs = words.flatMap((word) => ('ref' in word ? [word.ref] : []));
  const { destinations } = await resolveDestinations(cluster, refs, { verb: 'ping', families: [4, 6], signal });
  const addressesOf = (ref: string) =>
    destinations.filter((one) => one.ref === ref).flatMap(({ address }) => (address === undefined ? [] : [address]));
  const hosts = destinations.flatMap(({ host }) => (host === undefined ? [] : [host]));
  const cidrs: string[] = [];
  const asNodes: string[] = [];
  for (const word of words) {
    if ('cidr' in word) {
      cidrs.push(word.cidr);
      continue;
    }
    const found = addressesOf(word.ref.text).map(hostCidr);
    const isHost = destinations.some(({ ref, host }) => ref === word.ref.text && host !== undefined);
    if (found.length === 0 && !isHost) {
      const why = destinations.find(({ ref }) => ref === word.ref.text)?.emptyMessage;
      throw new Failure('notFound', why ?? `${word.text} has no address`, {
        hint: 'a shape for a peer without an address would do nothing',
      });
    }
    cidrs.push(...found);
    if (['node', 'ip'].includes(word.ref.target.kind)) asNodes.push(...found);
  }
  return { cidrs: [...new Set(cidrs)], hosts: [...new Set(hosts)], asNodes };
}

/**
 * Reads the peers and exclusions of a scope once, for as many questions what they stand for as are asked. Throws Failure
 * `usage` for words that cannot be read; what is returned throws what asking the cluster throws.
 */
export function scopeResolver({
  peers,
  exclude,
}: Pick<ScopeWords, 'peers' | 'exclude'>): (cluster: Cluster, signal: AbortSignal) => Promise<ScopeAddresses> {
  const words = { peers: peers.map(parsePeer), excluded: exclude.map(parsePeer) };
  return async (cluster, signal) => ({
    peers: await resolvePeers(cluster, words.peers, signal),
    excluded: await resolvePeers(cluster, words.excluded, signal),
  });
}
