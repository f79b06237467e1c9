// SPDX-License-Identifier: Apache-2.0
import type { Verdict } from './verdict.js';

/** A probability and how much it depends on the packet before (tc-netem(8)); both in percent, 0 to 100. */
export interface Chance {
  percent: number;
  correlationPercent?: number;
}

export type DelayDistribution = 'normal' | 'pareto' | 'paretonormal';

/** Which packets are lost: each by itself, or by a model of bursts (tc-netem(8)). All numbers are percentages. */
export type Loss =
  | ({ model: 'random' } & Chance)
  /** Gilbert-Elliott: good to bad, bad to good, loss in bad (1-h), loss in good (1-k). */
  | { model: 'gemodel'; p: number; r?: number; oneMinusH?: number; oneMinusK?: number }
  | { model: 'state'; p13: number; p31?: number; p32?: number; p23?: number; p14?: number };

/** What is done to packets. Times in µs. At least one of them is set. */
export interface Effects {
  delay?: { us: number; jitterUs?: number; correlationPercent?: number; distribution?: DelayDistribution };
  loss?: Loss;
  duplicate?: Chance;
  corrupt?: Chance;
  reorder?: Chance & { gap?: number };
  rateBitsPerSecond?: number;
  /** Packets that wait at most. */
  limitPackets?: number;
  slot?: { minUs: number; maxUs?: number; packets?: number; bytes?: number };
  /** All packets are dropped; with nothing else. */
  partition?: true;
}

/** As the pod sees it: what it sends, what it receives. */
export type Direction = 'egress' | 'ingress' | 'both';

/** Which packets are meant; empty lists do not limit. */
export interface ScopeWords {
  /** As the user wrote them. */
  peers: readonly string[];
  exclude: readonly string[];
  /** Either side's; the packet's source port; its destination port. With direction `both`, incoming packets have the last two swapped. */
  ports: readonly number[];
  sourcePorts: readonly number[];
  destinationPorts: readonly number[];
  protocol?: 'tcp' | 'udp' | 'icmp';
}

/** What is written down about one pod's shape: in the pod, its tool container's specification and an annotation. Short: it has 4 KiB. */
export interface ShapeRecord {
  /** Tells this shape from others of the same pod. */
  token: string;
  /** Who asked, as the API server calls them, and the words of `--reason`. */
  caller?: string;
  reason?: string;
  interface: string;
  direction: Direction;
  effects: Effects;
  scope: ScopeWords;
  /** The tool container that ends it. */
  container: string;
  /** RFC 3339, by the clock of whoever asked. */
  startedAt: string;
  endsAt: string;
  /** The pod's addresses when it began: another sandbox has others. */
  podIPs: readonly string[];
}

export const shapeReasons = [
  // It took effect.
  'Verified',
  'EffectNotMeasured',
  // It did something else than was asked.
  'EffectDiffers',
  // It was in place, and nothing came by.
  'NothingMatched',
  // It went away before its time, or its pod did.
  'EndedEarly',
  'PodVanished',
  // It has no peer, or another pod of the same command cannot be shaped, and it is all or nothing.
  'NotShaped',
  // Somebody else's, or one of ours, is in the way.
  'AlreadyShaped',
  'ForeignQdisc',
  // It cannot be done here.
  'KernelLacksSupport',
  'PodSecurityDenied',
  'StaticPod',
  'WindowsPod',
  'PodNotRunning',
  // The tool or the cluster failed.
  'ReadbackDiffers',
  'NotCleared',
  'ToolMissing',
  'ToolContainerFailed',
  'ImageNotPulled',
  'ConnectionLost',
  'DeadlineExceeded',
  'Forbidden',
  'Interrupted',
  'ClusterFailed',
] as const;

export type ShapeReason = (typeof shapeReasons)[number];

/** What one kind of measurement showed, in the units of its name. `expected` is what `asked` means for it. */
export interface EffectMeasurement {
  what: 'rttMs' | 'connectMs' | 'lossPercent' | 'rateBitsPerSecond';
  /** `namespace/pod` or an address. */
  destination: string;
  before?: number;
  during?: number;
  /** What is asked for adds this to a round trip, or makes it this (loss, rate). */
  expected: number;
  /** Whether `during` is what was to be expected, within the tolerance of so many packets. */
  agrees: boolean;
}

/** What became of the shape of one pod. */
export interface ShapeResult {
  /** Stable within a report: `s1`, `s2`, ... */
  id: string;
  namespace: string;
  pod: string;
  node: string;
  verdict: Verdict;
  reason: ShapeReason;
  /** One line for people. */
  message: string;
  hint?: string;
  /** Absent where it never began. */
  shape?: ShapeRecord;
  /** The effect is done by this: netem, tbf, nft. */
  by?: readonly string[];
  measurements: EffectMeasurement[];
  /** What of the effects was not measured, though others were, and why. */
  unmeasured?: readonly string[];
  /** Packets that the rule was applied to, and those of them that it dropped, until the end or the last look. */
  packets?: number;
  droppedPackets?: number;
  /** RFC 3339; absent while it lasts. */
  clearedAt?: string;
}

/** The contract of `shape -o json`. */
export interface ShapeReport {
  apiVersion: 'netmachinery.io/v1';
  kind: 'ShapeReport';
  startedAt: string;
  durationMs: number;
  dryRun: 'none' | 'client' | 'server';
  warnings: string[];
  results: ShapeResult[];
}

/** How a shape stands that was found in the cluster. */
export type ShapeState =
  /** It runs, and ends by itself. */
  | 'active'
  /** Its time is over, and what should have ended it has been killed: the rules may still be there. */
  | 'expired'
  /** What would end it has been killed; its time is not over. */
  | 'tool container gone'
  /** The pod has got another network since: nothing is left of it. */
  | 'gone'
  /** We may not execute in the pod: what is written down of it, and nothing more. */
  | 'unknown';

export interface ShapeListItem {
  namespace: string;
  pod: string;
  node: string;
  state: ShapeState;
  shape: ShapeRecord;
  packets?: number;
  droppedPackets?: number;
  /** Seconds until it ends, by the pod's own clock where it could be asked. */
  endsInSeconds?: number;
}

/** The contract of `shape list -o json`. */
export interface ShapeList {
  apiVersion: 'netmachinery.io/v1';
  kind: 'ShapeList';
  items: ShapeListItem[];
}

export type ClearOutcome = 'cleared' | 'wouldClear' | 'nothingToClear' | 'gone' | 'failed';

export interface ClearItem {
  namespace: string;
  pod: string;
  node: string;
  outcome: ClearOutcome;
  /** One line for people. */
  message: string;
  shape?: ShapeRecord;
}

/** The contract of `shape clear -o json`. */
export interface ClearReport {
  apiVersion: 'netmachinery.io/v1';
  kind: 'ClearReport';
  dryRun: 'none' | 'client' | 'server';
  items: ClearItem[];
}
