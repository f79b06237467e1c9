// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../model/counted.js';
import type { Mesh, MeshReport } from '../../model/mesh.js';
import type { ProbeProtocol } from '../../model/prober.js';
import { plainText } from '../plain-text.js';
import type { MeshValue } from './cell.js';
import { pairsOf } from './grid.js';
import { pairText, worstFirst } from './pair-order.js';

export interface SummaryOptions {
  protocol: ProbeProtocol;
  value: MeshValue;
}

/** One line of a mesh: how large it is, what fails, and its worst pair. */
export function summaryLine(mesh: Mesh, { protocol, value }: SummaryOptions): string {
  const pairs = pairsOf(mesh, protocol);
  const known = worstFirst(pairs, value);
  const failing = known.filter(({ failed }) => failed > 0).length;
  const waiting = pairs.length - known.length;
  const unread = mesh.members.reduce((sum, member) => sum + member.unread, 0);
  // Without a failure no pair is worse than another by loss.
  const worst = value === 'loss' && failing === 0 ? undefined : known[0];
  const parts = [
    counted(mesh.members.length, 'member'),
    counted(known.length, `${protocol} pair`),
    // What nobody has probed yet is not said to be well.
    ...(known.length === 0 ? [] : [failing === 0 ? 'none failing' : `${failing} failing`]),
    ...(waiting > 0 ? [`${waiting} not probed yet`] : []),
    ...(unread > 0 ? [`${counted(unread, 'prober')} not read`] : []),
  ];
  const worstText =
    worst === undefined ? '' : `; worst: ${worst.source} -> ${worst.destination}, ${pairText(worst, value)}`;
  return plainText(`mesh ${mesh.name}: ${parts.join(', ')}${worstText}`);
}

/** The line of each mesh. */
export function summaryLines({ meshes }: MeshReport, options: SummaryOptions): string[] {
  return meshes.map((mesh) => summaryLine(mesh, options));
}
