// SPDX-License-Identifier: Apache-2.0
import type { Node, Pod } from '../kube/objects.js';
import type { ShapeRecord } from '../model/shaping.js';
import type { PodInspection, ShapePlan } from './pod-network.js';
import type { PodShaper, RunInPod } from './pod-shaper.js';
import type { Rule } from './shape-plan.js';
import type { ShapeTask } from './shape-request.js';

/** One pod that is ready to be shaped: everything is known, nothing but its tool container was changed. */
export interface PreparedShape {
  task: ShapeTask;
  pod: Pod;
  node: Node | undefined;
  container: string;
  shaper: PodShaper;
  run: RunInPod;
  inspection: PodInspection;
  device: string;
  rule: Rule;
  plan: ShapePlan;
  /** Its rules are changed through this one, which no signal of ours ends: what became of them would not be known. */
  changer: PodShaper;
  /** Whether we may write the pod's annotation. */
  annotates: boolean;
  /** The one of ours that is to be changed in place (`--replace`). */
  replaces?: ShapeRecord | undefined;
  /**
   * Clears the one of ours that is there and cannot be changed, because another tool container looks after it or none does
   * any more, and prepares the pod anew: what had to heal it has ended.
   */
  makeRoom?: (() => Promise<PreparedShape>) | undefined;
}
