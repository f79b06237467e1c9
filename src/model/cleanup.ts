// SPDX-License-Identifier: Apache-2.0

/** What became of something that we had left in the cluster. */
export type CleanupOutcome =
  /** A tool container or prober that runs no more, or would not (dry run). Its entry stays. */
  | 'ended'
  | 'wouldEnd'
  /** A probe pod or namespace of a check that is deleted, or an annotation of a shape that is over, or would be. */
  | 'removed'
  | 'wouldRemove'
  /** Left alone: somebody works in it, or somebody else had it added. */
  | 'busy'
  | 'others'
  /** Cannot be ended or removed: it has ended, or never started. */
  | 'stays'
  /** It went away by itself meanwhile. */
  | 'gone'
  | 'failed';

export interface CleanupItem {
  /** `CheckNamespace` is one that a one-shot check has made, with all that is in it. */
  kind: 'ToolContainer' | 'Prober' | 'ProbePod' | 'ShapeAnnotation' | 'CheckNamespace';
  namespace: string;
  /** Of everything but namespaces. */
  pod?: string;
  container?: string;
  /** Who had it added, as the API server calls them; absent where that was not written down. */
  caller?: string;
  /** The words of `--reason`. */
  reason?: string;
  /** RFC 3339. */
  startedAt?: string;
  /** As it was found: a container's state; of a namespace `ended` where it is being deleted already. */
  state: 'running' | 'waiting' | 'ended';
  outcome: CleanupOutcome;
  /** One line for people. */
  message: string;
}

/** The contract of `clean -o json`. */
export interface CleanupReport {
  apiVersion: 'netmachinery.io/v1';
  kind: 'CleanupReport';
  dryRun: 'none' | 'client' | 'server';
  /** Who asked, as the API server calls them. */
  caller?: string;
  items: CleanupItem[];
}
