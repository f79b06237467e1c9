// SPDX-License-Identifier: Apache-2.0
import type { Direction, Effects, ScopeWords, ShapeResult } from '../model/shaping.js';
import type { RunObserver, ToolOptions } from '../runs/tool.js';
import type { DestinationRef } from '../targets/refs.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { ScopeAddresses } from './resolve-peers.js';

/** One pod and what is to be done to its packets. */
export interface ShapeTask {
  source: SourcePod;
  effects: Effects;
  direction: Direction;
  scope: ScopeWords;
  /** What the scope's peers and exclusions stood for when the command began. */
  peers: ScopeAddresses;
  /** Asks anew, where they are followed. */
  peersNow: (signal: AbortSignal) => Promise<ScopeAddresses>;
  /** That of the default route where it is not named. */
  interface?: string | undefined;
  durationMs: number;
}

export interface ShapeRequest {
  tasks: readonly ShapeTask[];
  tool: ToolOptions;
  /** Changes a shape of ours that a pod already has. */
  replace: boolean;
  /** Although liveness and readiness probes would fail. */
  force: boolean;
  /** Shapes what can be shaped, instead of all or nothing. */
  keepGoing: boolean;
  allowHostNetwork: boolean;
  /** Returns once the effect is measured. */
  detach: boolean;
  /** Keeps the addresses of peers up to date. */
  follow: boolean;
  /** Measures the effect. */
  verify: boolean;
  verifyTo?: DestinationRef | undefined;
  dryRun: 'none' | 'client' | 'server';
  /** What was found odd in what is asked, and has been said. */
  warnings: readonly string[];
  signal: AbortSignal;
}

export interface ShapeObserver extends RunObserver {
  /** All shapes are in place, with what was measured of each; they last. */
  shaped?(results: readonly ShapeResult[]): void;
}
