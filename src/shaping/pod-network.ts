// SPDX-License-Identifier: Apache-2.0
import type { ShapeRecord } from '../model/shaping.js';

/** Parts of the kernel that rules need; each is tried on a temporary pair of interfaces, never guessed. */
export const kernelFeatures = ['htb', 'netem', 'tbf', 'u32', 'ingress', 'mirred', 'ifb', 'nft', 'nftNumgen'] as const;

export type KernelFeature = (typeof kernelFeatures)[number];

/** One entry of `tc -s -j qdisc show`, as far as it is read. */
export interface Qdisc {
  kind: string;
  /** `6e6d:`; `0:` for the kernel's own. */
  handle: string;
  dev: string;
  root?: boolean;
  parent?: string;
  options?: Record<string, unknown>;
  bytes?: number;
  packets?: number;
  drops?: number;
  /** Packets that wait in it. */
  qlen?: number;
}

/** What a pod's network looks like from inside, and what a shape of ours left or does there. */
export interface PodNetwork {
  /** `uname -r`. */
  kernel: string;
  interfaces: readonly { name: string; index: number; up: boolean; mtu: number }[];
  /** Those of the default routes, IPv4 first, each once; empty where there is none. */
  defaultInterfaces: readonly string[];
  gateways: readonly string[];
  qdiscs: readonly Qdisc[];
  /** `tc -s filter show` as text, by interface and hook; only where the interface has a qdisc of ours or a clsact or ingress one. */
  filters: readonly { dev: string; hook: 'egress' | 'ingress'; text: string }[];
  /** `nft -j list table netdev netmachinery`, parsed; undefined where there is none. */
  nft?: unknown;
  /** The shape that a process in this tool container will end. */
  shape?: { record: ShapeRecord; remainingSeconds: number };
}

/** What an inspection finds before anything is changed. */
export interface PodInspection extends PodNetwork {
  supports: ReadonlySet<KernelFeature>;
  /** The tools' own words for each feature that is missing. */
  missing: ReadonlyMap<KernelFeature, string>;
  /** Addresses of host names, as the pod resolves them. */
  hosts: ReadonlyMap<string, readonly string[]>;
}

/** Everything that is changed in a pod's network, as lines for the tools' batch modes; words have no spaces in them. */
export interface ShapePlan {
  interface: string;
  /** What it uses, for people: `netem`, `tbf`, `nft`. */
  by: readonly string[];
  /** The line of tc(8) that takes the interface: it fails where anything of ours or somebody else's is there. */
  root: string;
  /** ip(8) -batch, after `root`. */
  links: readonly string[];
  /** tc(8) -batch, after `links`. */
  tc: readonly string[];
  /** A script of nft(8), after `tc`; empty for none. */
  nft: string;
}

/** What changes a shape in place: queued packets survive. */
export type PlanChange = Pick<ShapePlan, 'tc' | 'nft'>;
