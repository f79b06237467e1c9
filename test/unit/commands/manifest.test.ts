// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandManifest } from '../../../scripts/manifest.js';
import { version } from '../../../src/version.js';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('what stands in two places', () => {
  it('the command manifest is that of the commands (npm run manifest)', async () => {
    expect(read('plugins-manifest/oclif.manifest.json')).toBe(await commandManifest());
  });

  it('the version is that of package.json', () => {
    expect((JSON.parse(read('package.json')) as { version: string }).version).toBe(version);
  });
});
