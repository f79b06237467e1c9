// SPDX-License-Identifier: Apache-2.0

/** How pods are entered. */
export type EntryChoice =
  | { by: 'toolContainer' }
  /** The pod's own container; nothing is added to the pod. */
  | { by: 'ownContainer'; container: string }
  /** An ephemeral container for each command, read from its log. */
  | { by: 'oneShot' }
  /** A pod of ours that is like the pod, which ends after `lifeSeconds` at the latest. */
  | { by: 'probePod'; lifeSeconds: number };

/** Where a run's commands are executed and with which rights. */
export interface ToolOptions {
  image: string;
  imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  /** How long a tool container may take to start, in ms. */
  startTimeoutMs: number;
  /** After how many seconds without work a new tool container ends itself; undefined: the default of its rights. */
  idleSeconds?: number | undefined;
  /** Why, in the user's words; stays readable in the tool container's specification. */
  reason?: string | undefined;
  entry: EntryChoice;
}

/** What the person at the terminal is told while a run goes on; all of it goes to stderr. */
export interface RunObserver {
  /** A sentence that has to be read even when nobody watches (what is added to pods). */
  notice(line: string): void;
  /** What of ours could not be taken back, and how to do it; the run has failed then, whatever its tests say. */
  left(line: string): void;
  /** What the run is doing, in a few words; the last one counts. */
  progress(text: string): void;
  /** A round trip, or its loss (`rttMs` undefined), of the test at `index` of the plan. */
  sample?(sample: { index: number; rttMs: number | undefined }): void;
}
