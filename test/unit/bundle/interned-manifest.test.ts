// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { internedManifest } from '../../../scripts/interned-manifest.js';
import manifest from '../../../plugins-manifest/oclif.manifest.json' with { type: 'json' };

it('the manifest in the bundle says what the file says, in a quarter of the bytes', async () => {
  const file = join(import.meta.dirname, '../../../plugins-manifest/oclif.manifest.json');
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    write: false,
    plugins: [internedManifest],
  });
  const [{ text } = { text: '' }] = outputFiles;
  const imported = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { default: unknown };
  expect(imported.default).toEqual(manifest);
  expect(JSON.stringify(imported.default)).toBe(JSON.stringify(manifest));
  expect(text.length).toBeLessThan(JSON.stringify(manifest).length / 2);
});
