// SPDX-License-Identifier: Apache-2.0
import { BlockList, isIP } from 'node:net';
import type { NetworkPolicyPeer } from '../kube/objects.js';

type IpBlock = NonNullable<NetworkPolicyPeer['ipBlock']>;

function contains(cidr: string, address: string): boolean {
  const [network = '', bits] = cidr.split('/');
  const family = isIP(network);
  if (family === 0 || family !== isIP(address)) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, bits === undefined ? (family === 6 ? 128 : 32) : Number(bits), type);
  return list.check(address, type);
}

/** Whether an address is in a block and in none of its exceptions. A block of one family has no addresses of the other. */
export function inIpBlock({ cidr, except = [] }: IpBlock, address: string): boolean {
  return contains(cidr, address) && !except.some((exception) => contains(exception, address));
}
