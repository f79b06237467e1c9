// SPDX-License-Identifier: Apache-2.0
import { BlockList } from 'node:net';
import type { Scope } from './scope.js';

/** Whether packets to and from an address are meant by a scope. */
export function scopeSelects({ peers, excluded, exempt }: Scope): (address: string) => boolean {
  const [meant, spared] = [blockList(peers), blockList([...excluded, ...exempt])];
  return (address) => {
    const type = address.includes(':') ? 'ipv6' : 'ipv4';
    return (peers.length === 0 || meant.check(address, type)) && !spared.check(address, type);
  };
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const type = address.includes(':') ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (type === 'ipv6' ? 128 : 32) : Number(bits), type);
  }
  return list;
}
