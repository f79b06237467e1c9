// SPDX-License-Identifier: Apache-2.0
import type { FindingKind } from '../model/check.js';
import type { Hearsay } from './hearsay.js';
import type { PairProbes } from './pair-probes.js';

/** What is known beside the probes. */
export interface PathContext {
  pairs: ReadonlyMap<string, PairProbes>;
  hearsay: Hearsay;
  /** Nodes of which no report is judged. */
  silent: ReadonlySet<string>;
  /** How many nodes there are at all. */
  nodeCount: number;
  /** What a Node says of itself that explains: `NotReady: ...`. */
  conditions: ReadonlyMap<string, string>;
  /** What a node said of its way to another is as new as what that says. */
  isAsNew: (node: string, than: string) => boolean;
}

/** A finding but for its severity. */
export interface Words {
  kind: FindingKind;
  nodes: string[];
  message: string;
  hint: string;
}
