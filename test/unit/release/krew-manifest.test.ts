// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { krewManifest } from '../../../scripts/release/krew-manifest.js';
import { krewTemplate } from '../../../scripts/release/krew-template.js';
import { chosenPlatforms, platforms } from '../../../scripts/release/platforms.js';
import { krewFaults, type KrewManifest, type KrewPlatform } from '../../release/krew-rules.js';
import { matchingPlatform } from '../../release/krew.js';

const archives = platforms
  .filter(({ libc }) => libc !== 'musl')
  .map((platform) => ({ platform, uri: `https://example.org/${platform.name}.tar.gz`, sha256: '0a'.repeat(32) }));
const made = () => parse(krewManifest('1.2.3', archives)) as KrewManifest;

describe("krew's manifest", () => {
  it('keeps the rules', () => {
    expect(krewFaults('netmachinery.yaml', made())).toEqual([]);
    expect(made().spec?.version).toBe('v1.2.3');
  });

  it('has an archive for each system and architecture, and nothing for others', () => {
    for (const os of ['linux', 'darwin', 'windows']) {
      for (const arch of ['amd64', 'arm64']) {
        const { uri, bin } = matchingPlatform(made(), os, arch) ?? {};
        expect(uri).toBe(`https://example.org/${os}_${arch}.tar.gz`);
        expect(bin).toBe(os === 'windows' ? 'kubectl-netmachinery.exe' : 'kubectl-netmachinery');
      }
    }
    expect(matchingPlatform(made(), 'linux', 'riscv64')).toBeUndefined();
  });

  it.each<[string, (manifest: Required<KrewManifest>, platform: KrewPlatform) => void]>([
    ['apiVersion', (manifest) => (manifest.apiVersion = 'v1')],
    ['kind', (manifest) => (manifest.kind = 'Pod')],
    ['not that of', (manifest) => (manifest.metadata.name = 'another')],
    ['not semantic', (manifest) => (manifest.spec.version = '1.2.3')],
    ['more than one line', (manifest) => (manifest.spec.shortDescription = 'one\ntwo')],
    ['says kubectl', (manifest) => (manifest.spec.shortDescription = 'A kubectl plugin')],
    ['homepage', (manifest) => delete manifest.spec.homepage],
    ['no platform', (manifest) => (manifest.spec.platforms = [])],
    ['sha256', (_, platform) => (platform.sha256 = 'A'.repeat(64))],
    ['bin is missing', (_, platform) => (platform.bin = '')],
    ['uri', (_, platform) => (platform.uri = 'https://example.org/a.rar')],
    ['selector is empty', (_, platform) => delete platform.selector],
    ['selector asks for libc', (_, platform) => (platform.selector = { matchLabels: { libc: 'musl' } })],
    ['neither left out', (_, platform) => (platform.files = [])],
    ['lacks from or to', (_, platform) => (platform.files = [{ from: '*' }])],
  ])('is refused for %s', (fault, change) => {
    const manifest = made() as Required<KrewManifest>;
    change(manifest, manifest.spec.platforms?.[0] ?? {});
    expect(krewFaults('netmachinery.yaml', manifest).join('\n')).toContain(fault);
  });
});

it('names of platforms that are not there are refused', () => {
  expect(() => chosenPlatforms(['linux_arm'])).toThrow('no platform linux_arm: there are linux_amd64, ');
});

it('the template for krew-release-bot is up to date (npm run -s manifest), and becomes the manifest', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../.krew.yaml'), 'utf8')).toBe(krewTemplate());
  // As the bot fills it in: its pkg/source/template.go.
  const filled = krewTemplate()
    .replaceAll(/\{\{addURIAndSha "([^"]+)" \.TagName \}\}/g, `uri: $1\n    sha256: ${'0a'.repeat(32)}`)
    .replaceAll('{{ .TagName }}', 'v1.2.3');
  const manifest = parse(filled) as KrewManifest;
  expect(krewFaults('netmachinery.yaml', manifest)).toEqual([]);
  const uris = manifest.spec?.platforms?.map(({ uri }) => uri);
  expect(uris).toHaveLength(6);
  expect(uris?.[0]).toMatch(/\/releases\/download\/v1\.2\.3\/kubectl-netmachinery_v1\.2\.3_linux_amd64\.tar\.gz$/);
});
