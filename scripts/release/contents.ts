// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ArchiveEntry } from './archive.js';
import { executableName, type Platform } from './platforms.js';

const root = join(import.meta.dirname, '../..');

/** What kubectl looks for beside a plugin to complete its words. */
function completionHelper(os: Platform['os']): string {
  return os === 'windows' ? 'kubectl_complete-netmachinery.cmd' : 'kubectl_complete-netmachinery';
}

function ofRepository(path: string, from: string, executable = false): ArchiveEntry {
  const file = join(root, from);
  if (!existsSync(file)) throw new Error(`a release needs ${from}, and it is missing`);
  return { path, content: { file }, executable };
}

/** Files below a folder of the repository, as paths in it; none where there is no such folder. */
function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    );
}

/** Files of every archive. */
const documents = ['LICENSE'];
/** Folder of the manual pages, and the one that has to be there. */
const manual = { folder: 'man', first: 'man/kubectl-netmachinery.1' };

/** What every archive holds beside the program. The manual lies as man(1) looks for it below a folder of MANPATH. */
function companions(helper: string, licences: string): ArchiveEntry[] {
  const pages = new Set([manual.first, ...filesBelow(manual.folder).filter((file) => file.endsWith('.1'))]);
  return [
    ...documents.map((path) => ofRepository(path, path)),
    { path: 'THIRD-PARTY-LICENSES', content: { text: licences } },
    ofRepository(helper, `bin/${basename(helper)}`, true),
    ...[...pages].map((page) => ofRepository(`man/man1/${basename(page)}`, page)),
  ];
}

/** The files of a platform's archive. Throws when one is missing. */
export function platformContents(platform: Platform, executable: string, licences: string): ArchiveEntry[] {
  return [
    { path: executableName(platform), content: { file: executable }, executable: true },
    ...companions(completionHelper(platform.os), licences),
  ];
}

/** The files of the archive for those who have Node.js, laid out as the launcher finds them. Throws when one is missing. */
export function noarchContents(licences: string): ArchiveEntry[] {
  return [
    ofRepository('bin/kubectl-netmachinery', 'bin/kubectl-netmachinery', true),
    ...filesBelow('dist/node')
      .filter((file) => !file.endsWith('/THIRD-PARTY-LICENSES'))
      .map((file) => ofRepository(file, file, file.endsWith('/kubectl-netmachinery.js'))),
    ...companions(`bin/${completionHelper('linux')}`, licences),
  ];
}
