// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { ShapeRecord } from '../model/shaping.js';
import type { Section } from './parse-sections.js';
import type { PodNetwork, Qdisc } from './pod-network.js';

/** `ip -j link show`, as far as it is read. */
interface Link {
  ifname?: string;
  ifindex?: number;
  mtu?: number;
  flags?: string[];
}

interface Hop {
  dev?: string;
  gateway?: string;
  via?: { host?: string };
}

/** `ip -j route show default`. */
type Route = Hop & { nexthops?: Hop[] };

/** BusyBox has an ip and a tc too, which know no JSON and can do little. */
function tooOld(cause?: unknown): Failure {
  return new Failure('tool', 'ip and tc in the tool image are not those of iproute2 4.19 or later', {
    reason: 'ToolMissing',
    cause,
  });
}

function json<T>({ text }: Section): T[] {
  if (text === '') return [];
  try {
    // Some releases write an empty object between others (`[{},{"ifname":...}]`).
    return JSON.parse(text) as T[];
  } catch (thrown) {
    throw tooOld(thrown);
  }
}

function unique(words: readonly (string | undefined)[]): string[] {
  return [...new Set(words.filter((word) => word !== undefined))];
}

function recordOf({ text }: Section): ShapeRecord | undefined {
  try {
    return JSON.parse(text) as ShapeRecord;
  } catch {
    return undefined;
  }
}

/** Reads what remote/network.sh prints. Throws Failure `tool` where a tool's JSON is none. */
export function parseNetwork(sections: readonly Section[]): PodNetwork {
  const all = <T>(name: string) => sections.filter((section) => section.name === name).flatMap((each) => json<T>(each));
  const hops = [...all<Route>('routes4'), ...all<Route>('routes6')].flatMap((route) => [
    route,
    ...(route.nexthops ?? []),
  ]);
  const links = all<Link>('links');
  if (links.length === 0) throw tooOld();
  const nft = sections.find(({ name }) => name === 'nft');
  const shape = sections.find(({ name }) => name === 'shape');
  const record = shape === undefined ? undefined : recordOf(shape);
  return {
    kernel: sections.find(({ name }) => name === 'kernel')?.rest ?? '',
    interfaces: links.flatMap(({ ifname, ifindex = 0, mtu = 0, flags = [] }) =>
      ifname === undefined ? [] : [{ name: ifname, index: ifindex, mtu, up: flags.includes('UP') }],
    ),
    defaultInterfaces: unique(hops.map(({ dev }) => dev)),
    gateways: unique(hops.map(({ gateway, via }) => gateway ?? via?.host)),
    qdiscs: all<Qdisc>('qdiscs').filter(({ kind }) => (kind as string | undefined) !== undefined),
    filters: sections.flatMap(({ name, rest, text }) => {
      const [dev = '', hook] = rest.split(' ');
      return name === 'filters' && (hook === 'egress' || hook === 'ingress') ? [{ dev, hook, text }] : [];
    }),
    ...(nft === undefined ? {} : { nft: JSON.parse(nft.text) as unknown }),
    ...(shape === undefined || record === undefined ? {} : { shape: { record, remainingSeconds: Number(shape.rest) } }),
  };
}
