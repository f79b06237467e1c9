// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Node, Pod } from '../kube/objects.js';
import { withinTime } from '../kube/time-limit.js';
import { unlessAborted } from '../runs/unless-aborted.js';
import { hostCidr } from './parse-peer.js';
import { nodeAddresses } from './node-addresses.js';
import type { PodInspection } from './pod-network.js';
import type { PeerAddresses, ScopeAddresses } from './resolve-peers.js';
import { isLimited, type Scope } from './scope.js';
import type { ShapeTask } from './shape-request.js';

const nodeLimitMs = 5000;

/** The pod's node; undefined where we may not read it: its addresses that pods see are in the pod's status as well. */
export async function readNode(cluster: Cluster, name: string, signal: AbortSignal): Promise<Node | undefined> {
  try {
    return await withinTime(nodeLimitMs, signal, (limited) =>
      unlessAborted(cluster.get<Node>(`/api/v1/nodes/${encodeURIComponent(name)}`, { signal }), limited, undefined),
    );
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code !== 'interrupted' && thrown.code !== 'bug') return undefined;
    throw thrown;
  }
}

/** The node's addresses as its pods see them: kubelet's probes come from one of them. */
function exemptAddresses(pod: Pod, node: Node | undefined, gateways: readonly string[]): string[] {
  const known = node === undefined ? gateways : nodeAddresses(node, gateways);
  const hostIPs = pod.status?.hostIPs?.map(({ ip }) => ip) ?? [];
  return [...new Set([...known, pod.status?.hostIP ?? '', ...hostIPs].filter((ip) => ip !== ''))];
}

function networksOf({ cidrs, hosts }: PeerAddresses, resolved: PodInspection['hosts']): string[] {
  const found = hosts.flatMap((host) => {
    const addresses = resolved.get(host) ?? [];
    if (addresses.length > 0) return addresses.map(hostCidr);
    throw new Failure('notFound', `the pod cannot resolve ${host}`, {
      hint: 'a shape for a peer without an address would do nothing',
    });
  });
  return [...new Set([...cidrs, ...found])];
}

/**
 * Which packets of one pod are meant. With a limit, what goes to and comes from its own node is left alone, unless the node
 * itself is the peer; the pod's own addresses are never peers. Throws Failure `notFound` where no peer is left.
 */
export function scopeOf(
  { scope, source: { pod } }: ShapeTask,
  { peers, excluded }: ScopeAddresses,
  inspection: Pick<PodInspection, 'hosts' | 'gateways'>,
  node: Node | undefined,
): Scope {
  const own = new Set((pod.status?.podIPs ?? []).map(({ ip }) => hostCidr(ip)));
  const found = networksOf(peers, inspection.hosts);
  const networks = found.filter((cidr) => !own.has(cidr));
  if (found.length > 0 && networks.length === 0) {
    throw new Failure('notFound', `${scope.peers.join(', ')}: the pod itself is its only peer`, {
      hint: 'name a peer that its packets go to',
    });
  }
  const { ports, sourcePorts, destinationPorts, protocol } = scope;
  const limited: Scope = {
    peers: networks,
    excluded: networksOf(excluded, inspection.hosts),
    exempt: [],
    ports,
    sourcePorts,
    destinationPorts,
    ...(protocol === undefined ? {} : { protocol }),
  };
  if (!isLimited(limited)) return limited;
  const meant = new Set(peers.asNodes);
  const exempt = exemptAddresses(pod, node, inspection.gateways).map(hostCidr);
  return { ...limited, exempt: exempt.filter((cidr) => !meant.has(cidr)) };
}
