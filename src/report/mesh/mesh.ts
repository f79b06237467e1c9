// SPDX-License-Identifier: Apache-2.0
import type { MeshReport } from '../../model/mesh.js';
import { plainText } from '../plain-text.js';
import { meshTableLines } from './table.js';
import type { MeshTableOptions } from './table-options.js';

/** `-o table`: the heat map of each mesh, under its name where there are several. */
export function renderMeshTable(
  { meshes }: MeshReport,
  options: Omit<MeshTableOptions, 'sinceMs'>,
  sinceMs: number,
): string {
  return meshes
    .map((mesh) => {
      const lines = meshTableLines(mesh, { ...options, sinceMs });
      const title = meshes.length > 1 && options.headers ? [`mesh ${plainText(mesh.name)}`] : [];
      return [...title, ...lines].map((line) => `${line}\n`).join('');
    })
    .join(options.headers ? '\n' : '');
}

/** `-o name`: the pods, workloads or nodes that probe. */
export function meshNames({ meshes, by }: MeshReport): string {
  const sources = meshes.flatMap(({ members }) => members.filter(({ read, unread }) => read + unread > 0));
  const words = sources.map(({ name, namespace }) => {
    if (by === 'node') return `node/${name}`;
    const rest = name.slice((namespace ?? '').length + 1);
    return by === 'pod' ? `pod/${rest}` : rest;
  });
  return [...new Set(words)].map((word) => `${plainText(word)}\n`).join('');
}
