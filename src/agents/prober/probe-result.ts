// SPDX-License-Identifier: Apache-2.0

/** Why a probe failed, as a closed list: it is a label. */
export const failureReasons = ['refused', 'timeout', 'unreachable', 'reset', 'http-status', 'other'] as const;
export type FailureReason = (typeof failureReasons)[number];

/** A latency in seconds, or why there is none; a failure is never a latency. */
export type ProbeResult = { seconds: number } | { failure: FailureReason };

const reasonOfCode: ReadonlyMap<string | undefined, FailureReason> = new Map(
  Object.entries({
    ECONNREFUSED: 'refused',
    ETIMEDOUT: 'timeout',
    EHOSTUNREACH: 'unreachable',
    ENETUNREACH: 'unreachable',
    EHOSTDOWN: 'unreachable',
    ENETDOWN: 'unreachable',
    // Node.js also calls a connection that ended before the response a reset.
    ECONNRESET: 'reset',
    EPIPE: 'reset',
  } as const),
);

/** The reason of an error of a socket by its `code` (errno(3)). */
export function reasonOfError(error: Error): FailureReason {
  return reasonOfCode.get((error as NodeJS.ErrnoException).code) ?? 'other';
}
