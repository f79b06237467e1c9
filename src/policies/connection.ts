// SPDX-License-Identifier: Apache-2.0
import type { NetworkPolicy } from '../kube/objects.js';
import type { PodFacts } from '../targets/pod-facts.js';

type Labels = Readonly<Record<string, string>>;

/** A pod of the pod network. */
export interface PodParty {
  kind: 'pod';
  namespace: string;
  name: string;
  address: string;
  node?: string | undefined;
  /** Undefined where the pod may not be read. */
  facts?: { labels: Labels; ports: PodFacts['ports'] } | undefined;
}

/**
 * A node, or a pod in a node's network, which policies cannot tell from it: most plugins ignore such pods when they match
 * selectors (kubernetes.io, "NetworkPolicy and hostNetwork pods").
 */
export interface NodeParty {
  kind: 'node';
  /** As messages call it: `node1`, `shop/proxy`. */
  name: string;
  address: string;
  node?: string | undefined;
}

/** An address of which no pod is known. */
export interface AddressParty {
  kind: 'address';
  address: string;
  /**
   * Why it may be a pod's address all the same, or is rewritten to one on the way (a Service's virtual address: whether
   * policies see it before or after that is not defined); absent where it is known to be neither.
   */
  doubt?: string | undefined;
}

export type Party = PodParty | NodeParty | AddressParty;

/** What policies are asked about. */
export interface Connection {
  source: PodParty | NodeParty;
  destination: Party;
  /** `none`: packets without ports, such as ICMP. */
  protocol: 'tcp' | 'udp' | 'sctp' | 'none';
  port?: number | undefined;
}

/** What is known of the cluster; undefined is what may not be read. */
export interface PolicyFacts {
  policies(namespace: string): readonly NetworkPolicy[] | undefined;
  namespaceLabels(namespace: string): Labels | undefined;
}
