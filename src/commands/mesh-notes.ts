// SPDX-License-Identifier: Apache-2.0
import type { MeshReport } from '../model/mesh.js';
import { rememberedProbes } from '../model/prober.js';
import { sinceText } from '../report/mesh/since-text.js';
import { plainText } from '../report/plain-text.js';

/** Of many probers the same is mostly wrong. */
export const shownNotes = 5;

/** What of the window cannot be had, or says less than it seems to. */
export function windowNotes({ meshes, sinceMs }: MeshReport, { value }: { value: string }): string[] {
  return meshes.flatMap(({ name, periodMs }) => {
    if (periodMs === undefined) return [];
    const longestMs = periodMs * rememberedProbes;
    const samples = Math.min(rememberedProbes, Math.floor(sinceMs / periodMs));
    const needed = { p95: 20, p99: 100 }[value];
    if (sinceMs > longestMs) {
      return [
        `mesh ${name} probes every ${sinceText(periodMs)}, and remembers the last ${sinceText(longestMs)} of that`,
      ];
    }
    if (sinceMs < periodMs) return [`mesh ${name} probes every ${sinceText(periodMs)}: --since is shorter than that`];
    if (needed === undefined || samples >= needed) return [];
    // A few more than needed: periods are not kept to the millisecond.
    const enough = Math.ceil((periodMs * needed * 1.1) / 1000);
    return [`${value} needs ${needed} probes of a pair: --since ${enough}s at a period of ${sinceText(periodMs)}`];
  });
}

/** Writes the first of them to stderr, and how many more there are. */
export function writeNotes(notes: readonly string[]): void {
  for (const note of notes.slice(0, shownNotes)) process.stderr.write(`Note: ${plainText(note)}\n`);
  const more = notes.length - shownNotes;
  if (more > 0) process.stderr.write(`Note: so it is with ${more} more\n`);
}
