// SPDX-License-Identifier: Apache-2.0
import type { Direction, Effects, ScopeWords } from '../../model/shaping.js';

/** Which pods a manifest means. What is absent or empty does not limit. */
export interface PodSelection {
  /** For messages: `pods of bank with app=ledger`. */
  text: string;
  /** Empty: that of the command. */
  namespaces: readonly string[];
  /** As the API server takes them. */
  labelSelector?: string;
  fieldSelector?: string;
  /** All of these pairs. */
  annotations?: readonly (readonly [string, string])[];
  /** One of these. */
  phases?: readonly string[];
  /** On one of these nodes, or on one that `nodeSelector` matches. */
  nodes?: readonly string[];
  nodeSelector?: string;
  /** Exactly these; nothing else limits then. */
  pods?: readonly { namespace: string; name: string }[];
}

/** How many of the selected pods are taken; which of them is drawn at random, running ones first. */
export type PodMode =
  | { take: 'all' }
  /** That many, or as many as there are. */
  | { take: 'count'; count: number }
  /** That share, rounded down. */
  | { take: 'percent'; percent: number }
  /** A share drawn between 0 and this one. */
  | { take: 'upToPercent'; percent: number };

/** One thing that a manifest asks for. */
export interface ShapeTarget {
  /** For messages: `shape.yaml:12:5: spec.targets[0]`. */
  where: string;
  source: PodSelection;
  mode: PodMode;
  rule: {
    effects: Effects;
    direction: Direction;
    scope: ScopeWords;
    /** Pods that are peers too. */
    peerPods?: { selection: PodSelection; mode: PodMode };
  };
  /** Absent: that of the default route. */
  interface?: string;
  /** Absent: that of the command. */
  durationMs?: number;
}
