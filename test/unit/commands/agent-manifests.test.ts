// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  agentManifests,
  checkManifestFolder,
  checkManifests,
  manifestFolder,
} from '../../../scripts/agent-manifests.js';

describe('the files of the agents', () => {
  it('are those of the objects that inject enable applies (npm run manifest)', async () => {
    for (const [name, text] of Object.entries(await agentManifests())) {
      expect(await readFile(join(manifestFolder, name), 'utf8'), name).toBe(text);
    }
  });

  it('are those of the objects that check install applies', async () => {
    for (const [name, text] of Object.entries(await checkManifests())) {
      expect(await readFile(join(checkManifestFolder, name), 'utf8'), name).toBe(text);
    }
  });
});
