// SPDX-License-Identifier: Apache-2.0
import type { Failure } from '../errors/failure.js';
import { reasons, type Reason } from '../model/reason.js';
import type { Result } from '../model/report.js';

/** What a probe found out in one test, before anybody asks what was expected. */
export interface Measurement {
  reason: Reason;
  /** One line for people. */
  message: string;
  attempts: number;
  startedAt: Date;
  /** The address that a host name stood for inside the source pod. */
  resolvedAddress?: string | undefined;
  /** What went wrong before anything was measured and what may be done about it, in one line. */
  hint?: string | undefined;
  /** What this probe adds to the result. */
  facts?: Partial<
    Omit<
      Result,
      | 'id'
      | 'probe'
      | 'startedAt'
      | 'source'
      | 'destination'
      | 'expect'
      | 'verdict'
      | 'reason'
      | 'message'
      | 'attempts'
      | 'control'
      | 'labels'
    >
  >;
}

const knownReasons = new Set<string>(reasons);
/** The kubelet's words for an image that cannot be had. */
export const imageReasons: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
]);

/** The closed reason that a failure at a source stands for. */
export function reasonOfFailure(failure: Failure): Reason {
  const { code, reason } = failure;
  if (reason !== undefined && knownReasons.has(reason)) return reason as Reason;
  if (reason !== undefined && imageReasons.has(reason)) return 'ImageNotPulled';
  switch (code) {
    case 'forbidden':
      return 'Forbidden';
    case 'notFound':
      return 'SourceVanished';
    case 'unsupported':
      return 'PodNotRunning';
    case 'interrupted':
      return 'Interrupted';
    case 'cluster':
    // What was right when the run began, such as a token file, is gone.
    case 'usage':
      return 'ClusterFailed';
    case 'tool':
    case 'bug':
      return 'ToolContainerFailed';
  }
}

/** The measurement of a test that could not be made because its source failed. */
export function failedMeasurement(failure: Failure, startedAt: Date): Measurement {
  const { message } = failure;
  const hint = failure.hint === undefined ? undefined : `${message}; ${failure.hint}`;
  return { reason: reasonOfFailure(failure), message, attempts: 0, startedAt, hint };
}
