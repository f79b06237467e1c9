// SPDX-License-Identifier: Apache-2.0

/**
 * Every address of the test cluster. The ranges are those set aside for benchmarking, 198.18.0.0/15 (RFC 2544) and
 * 2001:2::/48 (RFC 5180), which are never routed on the internet: no test packet can be meant for anything outside.
 */
export const benchmarkRanges = { ipv4: '198.18.0.0/15', ipv6: '2001:2::/48' } as const;

export const services = {
  ipv4: '198.18.0.0/20',
  ipv6: '2001:2:0:1800::/112',
  /** Where the API server's own Service and the name server's lie. */
  kubernetes: '198.18.0.1',
  dns: '198.18.0.10',
} as const;

/** Both nodes' pod ranges lie in these, so kube-proxy can tell pods from the rest. */
export const allPods = { ipv4: '198.19.0.0/16', ipv6: '2001:2:0:1900::/56' } as const;

export interface NodeAddresses {
  name: string;
  ipv4: string;
  ipv6: string;
  /**
   * More than all tests together take: where a new pod gets the address of one that is gone, the node sends to its old
   * hardware address for 8 s (arp(7): delay_first_probe_time, then three probes).
   */
  podsIpv4: string;
  podsIpv6: string;
}

/** The node on this machine's own kernel; the API server listens on its address too. */
export const node1: NodeAddresses = {
  name: 'node1',
  ipv4: '198.18.100.1',
  ipv6: '2001:2:0:1801::1',
  podsIpv4: '198.19.16.0/20',
  podsIpv6: '2001:2:0:1901::/64',
};

/** The node on User-Mode Linux, behind a tap whose end on this machine has `node2Gateway`. */
export const node2: NodeAddresses = {
  name: 'node2',
  ipv4: '198.18.102.2',
  ipv6: '2001:2:0:1802::2',
  podsIpv4: '198.19.32.0/20',
  podsIpv6: '2001:2:0:1902::/64',
};

/** Of node1's pods: the first address of their range, as the bridge plugin takes it. */
export const podGateway = '198.19.16.1';

/** In the range of node1's pods, whose addresses are given out from below. */
export const unusedPodAddress = '198.19.31.254';

export const node2Gateway = { ipv4: '198.18.102.1', ipv6: '2001:2:0:1802::1' } as const;

/** Network devices that the cluster makes on this machine. */
export const devices = { node: 'nmnode0', pods: 'nmpods0', node2Tap: 'nmnode2' } as const;

export const apiPort = 6443;
/** What names in the cluster end in. */
export const clusterDomain = 'cluster.local';
