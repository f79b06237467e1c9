// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { readManifestFiles } from '../manifests/manifest-files.js';
import { readShapeManifests, type ShapeManifests } from '../shaping/manifests/read-manifests.js';

/** What the manifests behind `-f` ask for. Throws Failure `usage` with everything that is wrong in them. */
export async function readShapeFiles(names: readonly string[]): Promise<ShapeManifests> {
  const options = { readStandardInput: () => buffer(process.stdin), command: 'shape' } as const;
  const { texts, warnings } = await readManifestFiles(names, options);
  const read = readShapeManifests(texts);
  return { ...read, warnings: [...warnings, ...read.warnings] };
}
