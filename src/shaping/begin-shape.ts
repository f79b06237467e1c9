// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { asFailure } from '../errors/failure.js';
import type { EntryContext } from '../runs/pod-entry.js';
import type { EffectMeter } from './effect-meter.js';
import { installShape } from './install-shape.js';
import { clockMs, noteCounters, type LivingShape } from './living-shape.js';
import { newRecord, type Doer } from './new-record.js';
import type { PreparedShape } from './prepared-shape.js';
import { countersOf } from './readback.js';
import { writeShapeAnnotation } from './shape-annotation.js';

/** A shape that is about to begin. */
export function newShape(prepared: PreparedShape, doer: Doer): LivingShape {
  const { task, device, container } = prepared;
  return {
    prepared,
    record: newRecord(task, doer, { token: randomBytes(6).toString('hex'), interface: device, container }),
    endMs: performance.now() + task.durationMs,
    annotated: false,
    measurements: [],
    unmeasured: undefined,
    unmeasuredParts: [],
    counters: { packets: 0, droppedPackets: 0 },
    countedBefore: { packets: 0, droppedPackets: 0 },
    isMissing: false,
  };
}

/** Makes the rules. Throws what `installShape` throws. */
export async function beginShape(shape: LivingShape): Promise<void> {
  const { prepared, record } = shape;
  const network = await installShape(prepared, record, Math.ceil(prepared.task.durationMs / 1000));
  if (prepared.replaces !== undefined) shape.countedBefore = countersOf(network);
  noteCounters(shape, network);
}

/** Best effort: what counts is in the pod. */
async function annotate(
  { cluster, signal }: EntryContext,
  { prepared: { pod, annotates }, record }: LivingShape,
): Promise<boolean> {
  if (!annotates) return false;
  try {
    return (await writeShapeAnnotation(cluster, pod, record, { signal })) === 'written';
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'interrupted' || failure.code === 'bug') throw failure;
    return false;
  }
}

/** Writes a shape that is in place down, measures it, and looks whether it is still there. Throws Failure where it cannot be read back. */
export async function verifyShape(context: EntryContext, shape: LivingShape, measure: EffectMeter): Promise<void> {
  shape.annotated = await annotate(context, shape);
  const { measurements, unmeasured, parts = [] } = await measure();
  const network = await shape.prepared.shaper.look();
  noteCounters(shape, network);
  if (network.shape?.record.token === shape.record.token) {
    shape.measurements = measurements;
    shape.unmeasured = unmeasured;
    shape.unmeasuredParts = parts;
    return;
  }
  shape.unmeasured = 'it ended before it was measured; give it a longer --duration';
  shape.isMissing = performance.now() < shape.endMs - clockMs;
}
