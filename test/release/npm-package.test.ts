// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../src/version.js';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
/** No registry is asked, and nothing of the user's settings or cache is used. */
const offline = ['--offline', '--no-audit', '--no-fund'];

interface Packed {
  filename: string;
  size: number;
  files: { path: string }[];
}

let work = '';
let packed: Packed;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'netmachinery-npm-'));
  // What is in dist is packed as it is: `prepack` would build it anew under the other tests.
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], {
    cwd: root,
  });
  packed = (JSON.parse(stdout) as [Packed])[0];
});
afterAll(() => rm(work, { recursive: true }));

describe('the npm package', () => {
  it('holds the bundle, what belongs to it, and nothing that is needed to make it', () => {
    const paths = packed.files.map(({ path }) => path);
    const wanted = ['LICENSE', 'README.md', 'bin/kubectl_complete-netmachinery', 'package.json'];
    expect(paths).toEqual(
      expect.arrayContaining([...wanted, 'dist/node/kubectl-netmachinery.js', 'dist/node/THIRD-PARTY-LICENSES']),
    );
    const others = paths.filter(
      (path) => !/^(?:bin|man|dist\/node)\/|^(?:LICENSE|package\.json|(?:README|CHANGELOG)\.md)$/.test(path),
    );
    expect(others).toEqual([]);
    expect(paths.filter((path) => /\.ts$|\.map$|metafile/.test(path))).toEqual([]);
    expect(packed.size).toBeLessThan(3_000_000);
  });

  it('is made of what is built, and needs no other package', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest['version']).toBe(version);
    // Of all scripts npm runs by itself, only the one before packing: none when others install it, or in `npm ci`.
    const scripts = Object.keys(manifest['scripts'] as Record<string, string>);
    expect(
      scripts.filter((name) => /^(?:prepack|prepare|prepublish\w*|postpack|(?:pre|post)?install)$/.test(name)),
    ).toEqual(['prepack']);
  });

  it('is installed without a registry and runs by npx', async () => {
    const cwd = await mkdtemp(join(work, 'empty-'));
    await writeFile(join(cwd, 'package.json'), '{"private":true}');
    const cache = ['--cache', join(work, 'cache')];
    await run('npm', ['install', ...offline, ...cache, join(work, packed.filename)], { cwd });
    const installed = (await readdir(join(cwd, 'node_modules'))).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['kubectl-netmachinery']);
    const { stdout } = await run('npx', ['--no-install', ...cache, 'kubectl-netmachinery', 'version', '--client'], {
      cwd,
    });
    expect(stdout).toMatch(/^Client Version: v/);
  });
});
