// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrapDebian } from './debian-root.js';
import type { ImageRecipe } from './recipe.js';

/** The same packages as in the image that users build (images/tools/Dockerfile). */
const packages = readFileSync(join(import.meta.dirname, '../../../images/tools/packages.txt'), 'utf8')
  .trim()
  .split('\n');

/**
 * Paths (the last part may hold one `*`) that no network tool reads. An import into the slow guest costs by the file, and
 * these are nine of ten files and two thirds of the bytes.
 */
const unneeded = [
  'dev/*',
  'etc/apt',
  'etc/cron*',
  'etc/dpkg',
  'etc/init.d',
  'etc/pam.d',
  'etc/rc*',
  'etc/security',
  'etc/skel',
  'etc/systemd',
  'usr/bin/apt*',
  'usr/bin/dpkg*',
  'usr/bin/localedef',
  'usr/bin/nmap',
  'usr/bin/perl*',
  'usr/lib/apt',
  'usr/lib/dpkg',
  'usr/lib/init',
  'usr/lib/systemd',
  'usr/lib/udev',
  'usr/share/base-files',
  'usr/share/bash-completion',
  'usr/share/ca-certificates',
  'usr/share/common-licenses',
  'usr/share/debconf',
  'usr/share/doc',
  'usr/share/dpkg',
  'usr/share/gcc',
  'usr/share/i18n',
  'usr/share/info',
  'usr/share/keyrings',
  'usr/share/lintian',
  'usr/share/locale',
  'usr/share/lua',
  'usr/share/man',
  'usr/share/nmap',
  'usr/share/pam*',
  'usr/share/perl5',
  'usr/share/zoneinfo',
  'usr/sbin/arpd',
  'usr/sbin/ldconfig',
  'var/cache/*',
  'var/lib/apt',
  'var/lib/dpkg',
  'var/lib/pam',
  'var/lib/systemd',
  'var/log/*',
];

/** Below the folder of libraries, whose name holds the machine's architecture. */
const unneededLibraries = [
  'gconv',
  'libapt*',
  'libdb-5.3*',
  'libicui18n*',
  'libicutest*',
  'libicutu*',
  'libmvec*',
  'perl-base',
  'security',
];

/** What debootstrap copied from this machine; the kubelet mounts a pod's own over them. */
const ofThisMachine = ['etc/hostname', 'etc/hosts', 'etc/resolv.conf'];

/** Debian's network tools, as big tool images have them: root by default, and file capabilities on ping, fping and mtr-packet. */
export const toolbox: ImageRecipe = {
  shortName: 'toolbox',
  config: { cmd: ['/bin/bash'] },
  inputs: [fileURLToPath(import.meta.url)],
  populate: async (rootDirectory) => {
    await bootstrapDebian(rootDirectory, packages);
    await Promise.all(unneeded.map((pattern) => removeMatching(rootDirectory, pattern)));
    await removeUnneededLibraries(join(rootDirectory, 'usr/lib'));
    await removeLinkedCertificates(join(rootDirectory, 'etc/ssl/certs'));
    await Promise.all(ofThisMachine.map((file) => writeFile(join(rootDirectory, file), '')));
  },
};

async function removeMatching(rootDirectory: string, pattern: string): Promise<void> {
  const separator = pattern.lastIndexOf('/');
  const folder = join(rootDirectory, pattern.slice(0, separator + 1));
  const [start = '', end] = pattern.slice(separator + 1).split('*');
  const names = await readdir(folder);
  const matching = names.filter((name) =>
    end === undefined ? name === start : name.startsWith(start) && name.endsWith(end),
  );
  await Promise.all(matching.map((name) => rm(join(folder, name), { recursive: true })));
}

async function removeUnneededLibraries(libraries: string): Promise<void> {
  const architecture = (await readdir(libraries)).find((name) => name.endsWith('-linux-gnu'));
  if (architecture === undefined) return;
  await Promise.all(unneededLibraries.map((pattern) => removeMatching(libraries, join(architecture, pattern))));
}

/** curl reads the bundle; the hundreds of links beside it point to the single files that were removed. */
async function removeLinkedCertificates(folder: string): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(names.filter((name) => name !== 'ca-certificates.crt').map((name) => rm(join(folder, name))));
}
