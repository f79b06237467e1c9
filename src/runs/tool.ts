// SPDX-License-Identifier: Apache-2.0

/** Where a run's commands are executed and with which rights. */
export interface ToolOptions {
  image: string;
  imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  /** How long a tool container may take to start, in ms. */
  startTimeoutMs: number;
  /** After how many seconds without work a new tool container ends itself; undefined: the default of its rights. */
  idleSeconds?: number | undefined;
  /** The pod's own container to run in instead; nothing is added to the pod then. */
  container?: string | undefined;
}

/** What the person at the terminal is told while a run goes on; all of it goes to stderr. */
export interface RunObserver {
  /** A sentence that has to be read even when nobody watches (what is added to pods). */
  notice(line: string): void;
  /** What the run is doing, in a few words; the last one counts. */
  progress(text: string): void;
  /** A round trip, or its loss (`rttMs` undefined), of the test at `index` of the plan. */
  sample?(sample: { index: number; rttMs: number | undefined }): void;
}
