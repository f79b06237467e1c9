// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { denialOf } from '../kube/denial.js';
import type { MeshReport } from '../model/mesh.js';
import type { PodScope } from '../targets/visit-pods.js';
import { findProbers } from './find-probers.js';
import { meshesOf, type MatrixOptions } from './matrix.js';
import type { ProberReader, Reading } from './prober-reader.js';

/** Probers that are read at once. */
const concurrency = 16;

export interface MeshRequest extends MatrixOptions {
  scope: PodScope;
  /** Only this mesh. */
  mesh: string | undefined;
  signal: AbortSignal;
}

/** A report, and what the person at the terminal has to know of it. */
export interface MeshLook {
  report: MeshReport;
  notes: string[];
}

/**
 * Reads every prober of a scope once. One that cannot be read is an unknown row with a note, and a pod that left meanwhile
 * is not there. Undefined where there is no prober. Throws Failure when the pods cannot be read, or no prober can.
 */
export async function readMesh(
  cluster: Cluster,
  reader: ProberReader,
  request: MeshRequest,
): Promise<MeshLook | undefined> {
  const { scope, mesh, signal, sinceMs, by } = request;
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const probers = await findProbers(cluster, scope, mesh, signal);
  const limit = pLimit(concurrency);
  const answers = await Promise.all(probers.map((prober) => limit(() => reader.read(prober, signal))));
  const readings = answers.filter((reading) => reading !== undefined);
  if (readings.length === 0) return undefined;
  if (readings.every(({ recent }) => recent === undefined)) throw noneReadable(readings);
  return {
    report: {
      apiVersion: 'netmachinery.io/v1',
      kind: 'MeshReport',
      startedAt,
      durationMs: Math.round(performance.now() - startedMs),
      sinceMs,
      by,
      meshes: meshesOf(readings, request),
    },
    notes: readings.flatMap(noteOf),
  };
}

function noteOf({ prober: { namespace, pod }, failure }: Reading): string[] {
  return failure === undefined ? [] : [`the prober of pod ${namespace}/${pod} could not be read: ${failure.message}`];
}

function noneReadable(readings: readonly Reading[]): Failure {
  const failures = readings.flatMap(({ failure }) => failure ?? []);
  // A missing permission is what somebody can do something about.
  const cause = failures.find((failure) => denialOf(failure) !== undefined) ?? failures[0];
  const { length } = readings;
  const words = length === 1 ? 'the one prober could not be read' : `none of ${length} probers could be read`;
  return new Failure(cause?.code === 'forbidden' ? 'forbidden' : 'tool', `${words}: ${cause?.message ?? ''}`, {
    cause,
    hint: cause?.hint,
  });
}
