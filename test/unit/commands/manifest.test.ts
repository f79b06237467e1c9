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

  it('the dots of flags that may be repeated: the help has its own', async () => {
    interface Command {
      id: string;
      flags: Record<string, { multiple?: boolean; helpValue?: string }>;
    }
    const { commands } = JSON.parse(await commandManifest()) as { commands: Record<string, Command> };
    const flags = Object.values(commands).flatMap((command) =>
      Object.entries(command.flags).map(([name, flag]) => ({ name: `${command.id} --${name}`, ...flag })),
    );
    const repeated = flags.filter(({ multiple }) => multiple === true);
    expect(repeated.length).toBeGreaterThan(5);
    expect(repeated.filter(({ helpValue = '' }) => helpValue.endsWith('...')).map(({ name }) => name)).toEqual([]);
  });

  it('the version is that of package.json', () => {
    expect((JSON.parse(read('package.json')) as { version: string }).version).toBe(version);
  });
});
