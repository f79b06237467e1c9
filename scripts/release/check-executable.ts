// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { readElf } from './elf.js';
import { readMachO } from './mach-o.js';
import { readPe } from './pe.js';
import type { Platform } from './platforms.js';

/** The shared libraries that a Linux executable may need: what krew/README.md says. */
const allowed: Record<NonNullable<Platform['libc']>, RegExp> = {
  glibc: /^(?:libc\.so\.6|ld-linux-(?:x86-64\.so\.2|aarch64\.so\.1)|libpthread\.so\.0|libdl\.so\.2|libm\.so\.6)$/,
  musl: /^(?:libc\.musl-(?:x86_64|aarch64)\.so\.1|libstdc\+\+\.so\.6)$/,
};

function assertMachine(found: string, { arch, name }: Platform): void {
  if (found !== arch) throw new Error(`${name}: the executable is one for ${found}`);
}

/**
 * Reads the headers of an executable and says in a line what it is. Throws when its platform would not start it: another
 * machine, libraries that are not stated, a window instead of a console, a signature that is wrong.
 */
export async function checkExecutable(path: string, platform: Platform): Promise<string> {
  const file = await readFile(path);
  if (platform.os === 'linux') {
    const { machine, interpreter, needed, newestGlibc } = readElf(file);
    assertMachine(machine, platform);
    const unstated = needed.filter((library) => !allowed[platform.libc ?? 'glibc'].test(library));
    if (unstated.length > 0) throw new Error(`${platform.name}: the executable needs ${unstated.join(', ')}`);
    const glibc = newestGlibc === undefined ? '' : `, glibc >= ${newestGlibc}`;
    return `ELF ${machine}, ${interpreter}, needs ${needed.join(' ')}${glibc}`;
  }
  if (platform.os === 'windows') {
    const { machine, subsystem } = readPe(file);
    assertMachine(machine, platform);
    if (subsystem !== 'console') throw new Error(`${platform.name}: the executable is one of subsystem ${subsystem}`);
    return `PE32+ ${machine}, ${subsystem}`;
  }
  const { machine, signature } = readMachO(file);
  assertMachine(machine, platform);
  const { adHoc, pages, wrongPages } = signature;
  if (!adHoc || wrongPages > 0) throw new Error(`${platform.name}: ${wrongPages} of ${pages} signed pages are wrong`);
  return `Mach-O ${machine}, ad hoc signature of ${pages} pages`;
}
