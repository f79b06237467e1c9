// SPDX-License-Identifier: Apache-2.0
import type { PodNetwork, Qdisc } from '../../../src/shaping/pod-network.js';

/** The network that the sections of a look (test/integration/shaping/pod-kernel.ts) describe. */
export function parseLook(output: string): PodNetwork {
  const sections = output.split(/^@/m).slice(1);
  const section = (name: string): string =>
    sections
      .find((each) => each.startsWith(`${name}\n`))
      ?.slice(name.length + 1)
      .trim() ?? '';
  const links = JSON.parse(section('links')) as { ifname: string; ifindex: number; flags: string[]; mtu: number }[];
  const nft = section('nft');
  return {
    kernel: section('kernel'),
    interfaces: links.map(({ ifname, ifindex, flags, mtu }) => ({
      name: ifname,
      index: ifindex,
      up: flags.includes('UP'),
      mtu,
    })),
    defaultInterfaces: [],
    gateways: [],
    qdiscs: JSON.parse(section('qdiscs')) as Qdisc[],
    filters: sections.flatMap((each) => {
      const [, dev = '', hook, shown = ''] = /^filters (\S+) (egress|ingress)\n([^]*)$/.exec(each) ?? [];
      return hook === 'egress' || hook === 'ingress' ? [{ dev, hook, text: shown }] : [];
    }),
    ...(nft === '' ? {} : { nft: JSON.parse(nft) as unknown }),
  };
}
