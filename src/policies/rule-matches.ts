// SPDX-License-Identifier: Apache-2.0
import type { NetworkPolicyPeer, NetworkPolicyPort } from '../kube/objects.js';
import { matchesSelector } from '../targets/label-selectors.js';
import type { Connection, Party, PolicyFacts } from './connection.js';
import { inIpBlock } from './ip-block.js';
import { namespaceMatches } from './namespace-matches.js';
import type { PolicyRule } from './rules.js';
import { and, or, type Truth } from './truth.js';

/** What a rule is held against. */
export interface RuleContext {
  /** Of the policy. */
  namespace: string;
  /** The other end: the source for ingress, the destination for egress. */
  peer: Party;
  connection: Connection;
  facts: PolicyFacts;
  /** Gets why something is unknown, in a few words. */
  doubt: (why: string) => void;
}

/** Whether a rule allows the connection: one of its peers and one of its ports; an empty list matches everything. */
export function ruleMatches({ peers, ports }: PolicyRule, context: RuleContext): Truth {
  return and(
    peers.length === 0 ? true : or(...peers.map((peer) => peerMatches(peer, context))),
    ports.length === 0 ? true : or(...ports.map((port) => portMatches(port, context))),
  );
}

function peerMatches(rule: NetworkPolicyPeer, { namespace, peer, facts, doubt }: RuleContext): Truth {
  const { ipBlock, podSelector, namespaceSelector } = rule;
  if (ipBlock !== undefined) {
    if (inIpBlock(ipBlock, peer.address)) return true;
    return peer.kind === 'address' ? unlessDoubted(peer.doubt, doubt) : false;
  }
  if (podSelector === undefined && namespaceSelector === undefined) {
    doubt('a rule names a kind of peer that is not known here');
    return undefined;
  }
  if (peer.kind === 'node') return false;
  if (peer.kind === 'address') return unlessDoubted(peer.doubt, doubt);
  const own = namespaceSelector === undefined;
  const inNamespace = own
    ? peer.namespace === namespace
    : namespaceMatches(namespaceSelector, peer.namespace, facts.namespaceLabels(peer.namespace));
  if (inNamespace === undefined) doubt(`the labels of namespace ${peer.namespace} could not be read`);
  if (inNamespace !== false && peer.facts === undefined) doubt(unreadable(peer));
  return and(inNamespace, peer.facts === undefined ? undefined : matchesSelector(podSelector ?? {}, peer.facts.labels));
}

function portMatches(rule: NetworkPolicyPort, { connection, doubt }: RuleContext): Truth {
  const { protocol, port, destination } = connection;
  if ((rule.protocol ?? 'TCP').toLowerCase() !== protocol) return false;
  if (rule.port === undefined) return true;
  if (typeof rule.port === 'number') {
    if (port !== undefined && port >= rule.port && port <= (rule.endPort ?? rule.port)) return true;
    // Where the address is rewritten, so may be the port.
    return destination.kind === 'address' ? unlessDoubted(destination.doubt, doubt) : false;
  }
  if (destination.kind === 'node') return false;
  if (destination.kind === 'address') return unlessDoubted(destination.doubt, doubt);
  if (destination.facts === undefined) {
    doubt(unreadable(destination));
    return undefined;
  }
  return destination.facts.ports.some(
    (named) => named.name === rule.port && named.protocol === protocol && named.port === port,
  );
}

/** Why nothing can be said of a pod's labels and ports. */
export function unreadable({ namespace, name }: { namespace: string; name: string }): string {
  return `pod ${namespace}/${name} could not be read`;
}

function unlessDoubted(why: string | undefined, doubt: (why: string) => void): Truth {
  if (why === undefined) return false;
  doubt(why);
  return undefined;
}
