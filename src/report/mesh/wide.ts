// SPDX-License-Identifier: Apache-2.0
import type { MeshPair, MeshReport } from '../../model/mesh.js';
import type { RttMs } from '../../model/report.js';
import { columnLines, type Column } from '../columns.js';
import { formatMs, formatPercent } from '../figures.js';
import { plainText } from '../plain-text.js';
import { failuresText } from './pair-order.js';

/** `-o wide`: every pair and protocol in a line, with all that is known of it; sources that were not read have a `?`. */
export function renderMeshWide({ meshes }: MeshReport, headers: boolean): string {
  const several = meshes.length > 1;
  const pairs = meshes.flatMap((mesh) => mesh.pairs.map((pair) => ({ mesh: mesh.name, ...pair })));
  const unread = meshes.flatMap((mesh) =>
    mesh.members
      .filter(({ read, unread }) => read === 0 && unread > 0)
      .map(({ name }) => ({ mesh: mesh.name, source: name, destination: '?', protocol: '?' })),
  );
  const rows: (Partial<MeshPair> & { mesh: string; source: string })[] = [...pairs, ...(unread as [])];
  if (rows.length === 0) return '';
  type Row = (typeof rows)[number];
  const column = (header: string, value: (row: Row) => string | undefined): Column => ({
    header: [header],
    cells: rows.map((row) => plainText(value(row) ?? '') || '-'),
  });
  const ms = (name: keyof RttMs) => column(`${name.toUpperCase()} MS`, ({ rttMs }) => text(rttMs?.[name]));
  const columns = [
    ...(several ? [column('MESH', ({ mesh }) => mesh)] : []),
    column('SOURCE', ({ source }) => source),
    column('DESTINATION', ({ destination }) => destination),
    column('PROTOCOL', ({ protocol }) => protocol),
    column('SENT', ({ sent }) => sent?.toString()),
    column('FAILED', ({ failed }) => (failed === undefined || failed === 0 ? failed?.toString() : `✗ ${failed}`)),
    column('LOSS', ({ lossPercent }) => (lossPercent === undefined ? undefined : formatPercent(lossPercent))),
    ms('min'),
    ms('p50'),
    ms('p95'),
    ms('p99'),
    ms('max'),
    ms('jitter'),
    column('FAILURES', ({ failures }) => failuresText({ failures: failures ?? {} })),
  ];
  return columnLines(columns, headers)
    .map((line) => `${line}\n`)
    .join('');
}

function text(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : formatMs(ms);
}
