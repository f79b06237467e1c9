// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { version } from '../../src/version.js';
import { createNamespace, createReady, deleteNamespace, podManifest } from '../e2e/kubectl.js';
import { serverPod } from '../e2e/manifests.js';
import { runCommand, tryCommand } from '../cluster/run-command.js';
import { krewFaults, type KrewManifest } from './krew-rules.js';
import { Krew } from './krew.js';
import { archiveFile, ownPlatform, releaseFile } from './made-release.js';

let root = '';
let namespace = '';
let krew: Krew;
let manifest = '';
const archive = () => archiveFile(ownPlatform);
/** The same plugin as an older release. */
const older = () => manifest.replace(`version: v${version}`, 'version: v0.0.1');

beforeAll(async () => {
  [root, namespace] = await Promise.all([mkdtemp(join(tmpdir(), 'netmachinery-krew-')), createNamespace('krew')]);
  krew = new Krew(root);
  manifest = await readFile(releaseFile('netmachinery.yaml'), 'utf8');
  await createReady(namespace, serverPod('server'), podManifest('source'));
});
afterAll(() => Promise.all([deleteNamespace(namespace), rm(root, { recursive: true })]));

/** Runs `kubectl netmachinery` with what krew has put on PATH and no other plugin; no Node.js is there. */
function plugin(...args: string[]) {
  const kubectlFolder = (process.env['PATH'] ?? '').split(':').find((folder) => folder.endsWith('/kubectl')) ?? '';
  const env = { ...process.env, PATH: `${krew.bin}:${kubectlFolder}` };
  return tryCommand('kubectl', ['netmachinery', ...args], { env });
}

describe('the manifests of a release', () => {
  it('are as krew wants them', async () => {
    expect(krewFaults('netmachinery.yaml', parse(manifest) as KrewManifest)).toEqual([]);
    const musl = parse(await readFile(releaseFile('netmachinery-musl.yaml'), 'utf8')) as KrewManifest;
    expect(krewFaults('netmachinery.yaml', musl)).toEqual([]);
  });

  it('have the checksums that sha256sum finds', async () => {
    const folder = releaseFile('.');
    expect(await runCommand('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder })).toMatch(/: OK\n$/);
    const sums = await readFile(releaseFile('SHA256SUMS'), 'utf8');
    for (const { sha256 = '?', uri = '?' } of (parse(manifest) as KrewManifest).spec?.platforms ?? []) {
      expect(sums).toContain(`${sha256}  ${uri.split('/').pop() ?? ''}\n`);
    }
  });
});

describe('installed as krew does it', () => {
  it('refuses an archive that is not the one of the manifest', async () => {
    await expect(krew.install(manifest, archiveFile('noarch'))).rejects.toThrow('checksum does not match');
  });

  it('runs through kubectl, is replaced by a newer version, and leaves nothing', async () => {
    // Where this is tried again, it may be installed.
    for (const name of await readdir(root)) await rm(join(root, name), { recursive: true });
    await krew.install(older(), archive());
    expect(await readlink(join(krew.bin, 'kubectl-netmachinery'))).toBe(
      '../store/netmachinery/v0.0.1/kubectl-netmachinery',
    );
    const told = await plugin('version', '--client');
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toMatch(/^Client Version: v/);

    await krew.upgrade(manifest, archive());
    expect(await krew.versions()).toEqual([`v${version}`]);
    const pinged = await plugin(
      'ping',
      '-n',
      namespace,
      'source',
      'server',
      '--count',
      '2',
      '--interval',
      '20ms',
      '-o',
      'name',
    );
    expect(pinged).toMatchObject({ code: 0, stdout: 'pod/source\n' });
    const installed = await readdir(join(root, 'store/netmachinery', `v${version}`));
    expect(installed).toEqual(
      expect.arrayContaining(['LICENSE', 'THIRD-PARTY-LICENSES', 'kubectl_complete-netmachinery']),
    );

    await krew.uninstall();
    const left = (await readdir(root, { recursive: true, withFileTypes: true })).filter(
      (entry) => !entry.isDirectory(),
    );
    expect(left).toEqual([]);
    expect((await plugin('version', '--client')).stderr).toContain('unknown command "netmachinery"');
  });
});
