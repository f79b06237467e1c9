// SPDX-License-Identifier: Apache-2.0
import { podLabel } from '../kube/pod-eligibility.js';
import type { EffectMeasurement, ShapeRecord } from '../model/shaping.js';
import type { PodNetwork } from './pod-network.js';
import type { PreparedShape } from './prepared-shape.js';
import { countersOf } from './readback.js';
import { isLimited } from './scope.js';
import type { ShapeOutcome } from './shape-outcome.js';

/** One pod's shape from its installation to its end. */
export interface LivingShape {
  prepared: PreparedShape;
  record: ShapeRecord;
  /** When it ends at the earliest, by performance.now(). */
  endMs: number;
  annotated: boolean;
  measurements: readonly EffectMeasurement[];
  /** Why nothing was measured, where nothing was. */
  unmeasured: string | undefined;
  /** Which of its effects were not measured, though others were. */
  unmeasuredParts: readonly string[];
  counters: { packets: number; droppedPackets: number };
  /** What the kernel had counted when it began: a shape that was changed in place counts on. */
  countedBefore: { packets: number; droppedPackets: number };
  /** It was not there any more when it had been measured, before its time. */
  isMissing: boolean;
}

/** The pod counts whole seconds, so a shape may end this much before we think. */
export const clockMs = 2000;

/** Keeps the counters of the last look: the kernel forgets them with the rules. */
export function noteCounters(shape: LivingShape, network: PodNetwork): void {
  const { packets, droppedPackets } = countersOf(network);
  const { counters, countedBefore } = shape;
  shape.counters = {
    packets: Math.max(packets - countedBefore.packets, counters.packets),
    droppedPackets: Math.max(droppedPackets - countedBefore.droppedPackets, counters.droppedPackets),
  };
}

/** The outcome of a shape that did not last as long as it should. */
export function endedEarly(shape: LivingShape, why: string): ShapeOutcome {
  const message = `pod ${podLabel(shape.prepared.pod)}: ${why}`;
  return { ...knownOf(shape), verdict: 'inconclusive', reason: 'EndedEarly', message };
}

function knownOf({ prepared, record, measurements, unmeasuredParts, counters }: LivingShape) {
  return { shape: record, by: prepared.plan.by, measurements, unmeasured: unmeasuredParts, ...counters };
}

/** What its measurements and counters say, once it is in place (`ended` undefined) or over. */
export function outcomeOf(shape: LivingShape, ended: Date | undefined): ShapeOutcome {
  const { prepared, measurements, unmeasured, counters } = shape;
  if (ended === undefined && shape.isMissing) return endedEarly(shape, 'somebody cleared the shape before its time');
  const known = { ...knownOf(shape), clearedAt: ended };
  const label = podLabel(prepared.pod);
  if (ended !== undefined && counters.packets === 0 && isLimited(prepared.rule.scope)) {
    const message = `no packet of pod ${label} matched: it did nothing`;
    const hint =
      'see which packets there are: kubectl netmachinery ping and connect, and the ports and peers that were named';
    return { ...known, verdict: 'inconclusive', reason: 'NothingMatched', message, hint };
  }
  const differing = measurements.find(({ agrees }) => !agrees);
  if (differing !== undefined) {
    const message = `pod ${label}: the rules are in place, but their effect is not what was asked`;
    return { ...known, verdict: 'fail', reason: 'EffectDiffers', message };
  }
  if (measurements.length === 0) {
    const message = `effect not measured: ${unmeasured ?? 'nothing to measure it against'}`;
    return { ...known, verdict: 'pass', reason: 'EffectNotMeasured', message };
  }
  return { ...known, verdict: 'pass', reason: 'Verified', message: 'measured as asked' };
}
