// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { extract } from 'tar';
import { parse, stringify } from 'yaml';
import type { KrewManifest, KrewPlatform } from './krew-rules.js';

/** The first platform whose selector fits: krew, internal/installation/platform.go. */
export function matchingPlatform({ spec }: KrewManifest, os: string, arch: string): KrewPlatform | undefined {
  const labels: Record<string, string> = { os, arch };
  return spec?.platforms?.find(({ selector }) => {
    const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
    const byLabels = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
    return byLabels && matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''));
  });
}

/** krew's root folder (KREW_ROOT) and what krew does in it; its module cannot be had here, so this is told after its source. */
export class Krew {
  readonly bin: string;
  private readonly store: string;
  private readonly receipt: string;

  constructor(root: string) {
    this.bin = join(root, 'bin');
    this.store = join(root, 'store/netmachinery');
    this.receipt = join(root, 'receipts/netmachinery.yaml');
  }

  private get link(): string {
    return join(this.bin, 'kubectl-netmachinery');
  }

  /** `krew install --manifest=FILE --archive=FILE`: internal/installation/install.go. */
  async install(manifestText: string, archive: string): Promise<void> {
    if (existsSync(this.receipt)) throw new Error("can't install, the newest version is already installed");
    await this.place(parse(manifestText) as KrewManifest, archive);
    await this.keep(manifestText);
  }

  /** `krew upgrade`: the new version beside the old one, the link replaced, and then the old one removed. */
  async upgrade(manifestText: string, archive: string): Promise<void> {
    const { spec: installed } = parse(await readFile(this.receipt, 'utf8')) as KrewManifest;
    const manifest = parse(manifestText) as KrewManifest;
    await this.place(manifest, archive);
    await this.keep(manifestText);
    await rm(join(this.store, installed?.version ?? ''), { recursive: true });
  }

  /** `krew uninstall`. */
  async uninstall(): Promise<void> {
    await rm(this.link);
    await rm(this.store, { recursive: true });
    await rm(this.receipt);
  }

  /** The versions in the store. */
  versions(): Promise<string[]> {
    return readdir(this.store);
  }

  private async keep(manifestText: string): Promise<void> {
    await mkdir(dirname(this.receipt), { recursive: true });
    await writeFile(this.receipt, stringify(parse(manifestText)));
  }

  private async place(manifest: KrewManifest, archive: string): Promise<void> {
    const platform = matchingPlatform(manifest, 'linux', process.arch === 'x64' ? 'amd64' : process.arch);
    if (platform === undefined) throw new Error('plugin does not offer installation for this platform');
    const sum = createHash('sha256')
      .update(await readFile(archive))
      .digest('hex');
    if (sum !== platform.sha256)
      throw new Error(`checksum does not match, want: ${String(platform.sha256)}, got ${sum}`);

    const staging = await mkdtemp(join(tmpdir(), 'krew-downloads-'));
    await extract({ file: archive, cwd: staging });
    const target = join(this.store, manifest.spec?.version ?? '');
    await mkdir(target, { recursive: true });
    for (const { from = '', to = '' } of platform.files ?? [{ from: '*', to: '.' }]) {
      // Of patterns, this knows the one that stands for everything.
      for (const name of from === '*' ? await readdir(staging) : [from]) {
        const path = to === '.' ? join(target, name) : join(target, to);
        if (relative(target, path).startsWith('..')) throw new Error(`${path} is out of bounds`);
        await mkdir(dirname(path), { recursive: true });
        await rename(join(staging, name), path);
      }
    }
    await rm(staging, { recursive: true });

    const binary = join(target, platform.bin ?? '');
    if (relative(target, binary).startsWith('..')) throw new Error(`bin ${binary} is outside of the folder`);
    if (!existsSync(binary)) throw new Error("can't create symbolic link, source binary cannot be found");
    await mkdir(this.bin, { recursive: true });
    const existing = await lstat(this.link).catch(() => undefined);
    if (existing?.isSymbolicLink() === false) throw new Error(`${this.link} is not a symlink`);
    await rm(this.link, { force: true });
    await symlink(relative(this.bin, binary), this.link);
  }
}
