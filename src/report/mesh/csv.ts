// SPDX-License-Identifier: Apache-2.0
import type { MeshPair, MeshReport } from '../../model/mesh.js';
import { csvField } from '../csv.js';
import { failuresText } from './pair-order.js';

type Row = MeshPair & { mesh: string };

const columns: [name: string, value: (row: Row) => string | number | undefined][] = [
  ['mesh', ({ mesh }) => mesh],
  ['source', ({ source }) => source],
  ['destination', ({ destination }) => destination],
  ['protocol', ({ protocol }) => protocol],
  ['sent', ({ sent }) => sent],
  ['failed', ({ failed }) => failed],
  ['lossPercent', ({ lossPercent }) => lossPercent],
  ['failures', failuresText],
  ['rttMinMs', ({ rttMs }) => rttMs?.min],
  ['rttAvgMs', ({ rttMs }) => rttMs?.avg],
  ['rttP50Ms', ({ rttMs }) => rttMs?.p50],
  ['rttP95Ms', ({ rttMs }) => rttMs?.p95],
  ['rttP99Ms', ({ rttMs }) => rttMs?.p99],
  ['rttMaxMs', ({ rttMs }) => rttMs?.max],
  ['rttJitterMs', ({ rttMs }) => rttMs?.jitter],
];

/** `-o csv`: RFC 4180 with CRLF, a line a pair and protocol. What is not known has empty fields. */
export function renderMeshCsv({ meshes }: MeshReport, headers: boolean): string {
  const rows = meshes.flatMap((mesh) => mesh.pairs.map((pair) => ({ mesh: mesh.name, ...pair })));
  const lines = rows.map((row) => columns.map(([, value]) => csvField(value(row))).join(','));
  const names = columns.map(([name]) => name).join(',');
  return (headers ? [names, ...lines] : lines).map((line) => `${line}\r\n`).join('');
}
