// SPDX-License-Identifier: Apache-2.0
import type { ShapeRecord } from '../model/shaping.js';
import type { ShapeTask } from './shape-request.js';

/** Who shapes, and why. */
export interface Doer {
  caller: string | undefined;
  reason: string | undefined;
}

/** What is written down of a shape that begins now. */
export function newRecord(
  { source: { pod }, direction, effects, scope, durationMs }: ShapeTask,
  { caller, reason }: Doer,
  known: Pick<ShapeRecord, 'token' | 'interface' | 'container'>,
): ShapeRecord {
  const now = Date.now();
  return {
    ...known,
    ...(caller === undefined ? {} : { caller }),
    ...(reason === undefined ? {} : { reason }),
    direction,
    effects,
    scope,
    startedAt: new Date(now).toISOString(),
    endsAt: new Date(now + durationMs).toISOString(),
    podIPs: (pod.status?.podIPs ?? []).map(({ ip }) => ip),
  };
}
