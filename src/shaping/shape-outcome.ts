// SPDX-License-Identifier: Apache-2.0
import type { Failure, FailureCode } from '../errors/failure.js';
import { shapeReasons, type EffectMeasurement, type ShapeReason, type ShapeRecord } from '../model/shaping.js';
import type { Verdict } from '../model/verdict.js';
import { imageReasons } from '../runs/measurement.js';

/** What became of one pod's shape, before it is a line of the report. */
export interface ShapeOutcome {
  verdict: Verdict;
  reason: ShapeReason;
  message: string;
  hint?: string | undefined;
  shape?: ShapeRecord | undefined;
  by?: readonly string[] | undefined;
  measurements: readonly EffectMeasurement[];
  unmeasured?: readonly string[] | undefined;
  packets?: number | undefined;
  droppedPackets?: number | undefined;
  clearedAt?: Date | undefined;
}

const knownReasons = new Set<string>(shapeReasons);

const reasonsByCode: Record<FailureCode, ShapeReason> = {
  usage: 'ClusterFailed',
  notFound: 'PodVanished',
  forbidden: 'Forbidden',
  cluster: 'ClusterFailed',
  tool: 'ToolContainerFailed',
  unsupported: 'PodNotRunning',
  interrupted: 'Interrupted',
  bug: 'ToolContainerFailed',
};

function reasonOf({ code, reason, status }: Failure): ShapeReason {
  if (reason !== undefined && knownReasons.has(reason)) return reason as ShapeReason;
  if (reason !== undefined && imageReasons.has(reason)) return 'ImageNotPulled';
  if (reason === 'SourceVanished') return 'PodVanished';
  // A peer is missing, and not the pod, of which the API server would have said so.
  if (code === 'notFound' && status === undefined) return 'NotShaped';
  return reasonsByCode[code];
}

function verdictOf({ code }: Failure): Verdict {
  if (code === 'unsupported') return 'unsupported';
  return code === 'notFound' || code === 'interrupted' ? 'inconclusive' : 'error';
}

/** The outcome of a pod that a failure ended. */
export function failedOutcome(failure: Failure, known: Partial<ShapeOutcome> = {}): ShapeOutcome {
  return {
    measurements: [],
    ...known,
    verdict: verdictOf(failure),
    reason: reasonOf(failure),
    message: failure.message,
    hint: failure.hint,
  };
}
