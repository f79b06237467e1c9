// SPDX-License-Identifier: Apache-2.0
import type { NetworkPolicyPeer, NetworkPolicyPort } from '../kube/objects.js';
import { formatSelector } from '../targets/label-selectors.js';
import type { Party } from './connection.js';
import type { PolicyRule } from './rules.js';

/** Of one line: what is left out is counted. */
const partsNamed = 3;

/** The first few, and how many more there are: `a, b, c and 2 more`. */
export function fewOf(texts: readonly string[], joint = ', '): string {
  const distinct = [...new Set(texts)];
  const named = distinct.slice(0, partsNamed).join(joint);
  return distinct.length > partsNamed ? `${named} and ${distinct.length - partsNamed} more` : named;
}

/** `pods app=web of shop`, `pods of namespaces team=a`, `10.0.0.0/8 without 10.1.0.0/16`. */
function peerText({ ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer, namespace: string): string {
  if (ipBlock !== undefined) {
    const { cidr, except = [] } = ipBlock;
    return except.length === 0 ? cidr : `${cidr} without ${fewOf(except)}`;
  }
  const labels = formatSelector(podSelector);
  const pods = labels === undefined ? 'pods' : `pods ${labels}`;
  if (namespaceSelector === undefined) return `${pods} of ${namespace}`;
  const namespaces = formatSelector(namespaceSelector);
  return `${pods} of ${namespaces === undefined ? 'every namespace' : `namespaces ${namespaces}`}`;
}

/** `TCP 8080`, `UDP 8000-8010`, `every TCP port`, `TCP http (8080)`. */
function portText({ protocol = 'TCP', port, endPort }: NetworkPolicyPort, destination: Party): string {
  if (port === undefined) return `every ${protocol} port`;
  if (typeof port === 'number') return `${protocol} ${endPort === undefined ? port : `${port}-${endPort}`}`;
  const ports = destination.kind === 'pod' ? destination.facts?.ports : [];
  if (ports === undefined) return `${protocol} ${port}`;
  const numbers = ports.filter(({ name, protocol: own }) => name === port && own === protocol.toLowerCase());
  const meaning =
    numbers.length === 0 ? 'which is no port there' : fewOf(numbers.map(({ port: number }) => `${number}`));
  return `${protocol} ${port} (${meaning})`;
}

/** What a rule of a policy of `namespace` allows: `pods app=web of shop at TCP 8080`. */
export function ruleText({ peers, ports }: PolicyRule, namespace: string, destination: Party): string {
  const who = peers.length === 0 ? 'any address' : fewOf(peers.map((peer) => peerText(peer, namespace)));
  if (ports.length === 0) return who;
  return `${who} at ${fewOf(ports.map((port) => portText(port, destination)))}`;
}
