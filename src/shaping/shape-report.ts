// SPDX-License-Identifier: Apache-2.0
import type { ShapeReport, ShapeResult } from '../model/shaping.js';
import type { ShapeOutcome } from './shape-outcome.js';
import type { ShapeTask } from './shape-request.js';

function resultOf(task: ShapeTask, outcome: ShapeOutcome, index: number): ShapeResult {
  const { namespace, name, node } = task.source;
  const { verdict, reason, message, hint, shape, by, measurements, unmeasured, packets, droppedPackets, clearedAt } =
    outcome;
  return {
    id: `s${index + 1}`,
    namespace,
    pod: name,
    node,
    verdict,
    reason,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(shape === undefined ? {} : { shape }),
    ...(by === undefined ? {} : { by }),
    measurements: [...measurements],
    ...(unmeasured === undefined || unmeasured.length === 0 ? {} : { unmeasured }),
    ...(packets === undefined ? {} : { packets }),
    ...(droppedPackets === undefined ? {} : { droppedPackets }),
    ...(clearedAt === undefined ? {} : { clearedAt: clearedAt.toISOString() }),
  };
}

/** The report of a command, a result a pod in the order of the tasks. */
export function shapeReport(
  tasks: readonly ShapeTask[],
  outcomes: ReadonlyMap<ShapeTask, ShapeOutcome>,
  {
    startedAt,
    startedMs,
    dryRun,
    warnings,
  }: Pick<ShapeReport, 'dryRun'> & { startedAt: Date; startedMs: number; warnings: readonly string[] },
): ShapeReport {
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'ShapeReport',
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - startedMs),
    dryRun,
    warnings: [...warnings],
    results: tasks.flatMap((task, index) => {
      const outcome = outcomes.get(task);
      return outcome === undefined ? [] : [resultOf(task, outcome, index)];
    }),
  };
}
