// SPDX-License-Identifier: Apache-2.0
import type { Mesh, MeshMember, MeshPair, MeshReport } from '../../../../src/model/mesh.js';

export function member(name: string, more: Partial<MeshMember> = {}): MeshMember {
  return { name, namespace: name.split('/')[0] ?? '', pods: 1, read: 1, unread: 0, node: 'node1', ...more };
}

/** A pair whose probes all took `ms`, but for those that failed. */
export function pair(source: string, destination: string, ms: number, more: Partial<MeshPair> = {}): MeshPair {
  const { sent = 30, failed = 0 } = more;
  const rttMs = { min: ms, avg: ms, p50: ms, p95: ms * 2, max: ms * 3, jitter: 0 };
  return {
    source,
    destination,
    protocol: 'http',
    sent,
    failed,
    ...(sent === 0 ? {} : { lossPercent: (failed / sent) * 100 }),
    failures: failed === 0 ? {} : { timeout: failed },
    ...(sent === failed ? {} : { rttMs }),
    ...more,
  };
}

/** All members to all others, the first to the second alone in 40 times the time of the others. */
export function fullMesh(names: readonly string[]): Mesh {
  return {
    name: 'netmachinery',
    periodMs: 1000,
    members: names.map((name) => member(name)),
    pairs: names.flatMap((source, row) =>
      names.flatMap((destination, column) =>
        row === column ? [] : [pair(source, destination, row === 0 && column === 1 ? 20 : 0.5)],
      ),
    ),
  };
}

export function reportOf(...meshes: Mesh[]): MeshReport {
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'MeshReport',
    startedAt: '2026-11-22T10:20:30.000Z',
    durationMs: 12,
    sinceMs: 30_000,
    by: 'pod',
    meshes,
  };
}
