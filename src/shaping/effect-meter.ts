// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import type { Pod } from '../kube/objects.js';
import type { EffectMeasurement } from '../model/shaping.js';
import type { EntryContext } from '../runs/pod-entry.js';
import { compareEffect } from './effect-comparison.js';
import { measureEffect } from './effect-measurement.js';
import { chooseEffectTarget } from './effect-target.js';
import { unmeasuredEffects } from './effect-text.js';
import type { PreparedShape } from './prepared-shape.js';
import type { ShapeRequest } from './shape-request.js';

/** What was measured during a shape, or why nothing was. */
interface Measured {
  measurements: EffectMeasurement[];
  unmeasured?: string | undefined;
  /** What of the effects was not, though others were: a few words each. */
  parts?: readonly string[];
}

/** Measures one pod before (when it is made) and during its shape. */
export type EffectMeter = () => Promise<Measured>;

function notMeasuring(unmeasured: string): EffectMeter {
  return () => Promise.resolve({ measurements: [], unmeasured });
}

/** Measures a pod as it is now. What cannot be measured is no reason not to shape: it is said instead. */
export async function effectMeter(
  { cluster, signal }: EntryContext,
  { verify, verifyTo }: ShapeRequest,
  { task, run, rule, replaces, device, inspection }: PreparedShape,
  shaped: readonly Pod[],
): Promise<EffectMeter> {
  if (!verify) return notMeasuring('--no-verify');
  if (verifyTo === undefined && !inspection.defaultInterfaces.includes(device)) {
    return notMeasuring(`${device} is not the interface of the default route: --verify-to names what lies behind it`);
  }
  const { effects, direction, scope } = rule;
  const options = { shaped, source: task.source, peerAddresses: scope.peers, verifyTo, scope, direction, signal };
  const target = await chooseEffectTarget(cluster, options);
  if ('unmeasured' in target) return notMeasuring(target.unmeasured);
  try {
    const before = await measureEffect(run, target, effects, scope);
    if (before.unmeasured !== undefined) return notMeasuring(before.unmeasured);
    return async () => {
      try {
        const during = await measureEffect(run, target, effects, scope, before);
        const measurements = compareEffect(before, during, { effects, direction, replaces: replaces !== undefined });
        const parts = measurements.length === 0 ? [] : unmeasuredEffects(before, measurements, effects);
        return { measurements, unmeasured: during.unmeasured, parts };
      } catch (thrown) {
        return { measurements: [], unmeasured: whyUnmeasured(thrown) };
      }
    };
  } catch (thrown) {
    return notMeasuring(whyUnmeasured(thrown));
  }
}

/** Throws what is more than that. */
function whyUnmeasured(thrown: unknown): string {
  const failure = asFailure(thrown);
  if (failure.code === 'interrupted' || failure.code === 'bug') throw failure;
  return failure.message;
}
