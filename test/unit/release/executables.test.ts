// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkExecutable } from '../../../scripts/release/check-executable.js';
import { readElf } from '../../../scripts/release/elf.js';
import { readPe } from '../../../scripts/release/pe.js';
import { chosenPlatforms } from '../../../scripts/release/platforms.js';
import { signMachO } from '../../../scripts/release/sign-mach-o.js';
import { unsignedMachO } from './mach-o-file.js';

describe('the headers of an ELF file', () => {
  it('say what this Node.js needs', () => {
    const { machine, interpreter, needed, newestGlibc } = readElf(readFileSync(process.execPath));
    expect(machine).toBe(process.arch === 'x64' ? 'amd64' : process.arch);
    expect(interpreter).toMatch(/^\/lib.*\/ld-linux/);
    expect(needed).toContain('libc.so.6');
    expect(newestGlibc).toMatch(/^2\.\d+$/);
  });

  it('are told from other files', () => {
    expect(() => readElf(Buffer.from('#!/bin/sh\necho hello\n'))).toThrow('not an ELF file');
  });
});

/** The first bytes of a PE32+ file. */
function peFile(machine: number, subsystem: number): Buffer {
  const file = Buffer.alloc(0x200);
  file.write('MZ', 0, 'latin1');
  file.writeUInt32LE(0x80, 0x3c);
  file.write('PE', 0x80, 'latin1');
  file.writeUInt16LE(machine, 0x84);
  file.writeUInt16LE(0x20b, 0x98);
  file.writeUInt16LE(subsystem, 0x98 + 68);
  return file;
}

describe('the headers of a PE file', () => {
  it('say machine and subsystem', () => {
    expect(readPe(peFile(0x8664, 3))).toEqual({ machine: 'amd64', subsystem: 'console' });
    expect(readPe(peFile(0xaa64, 2))).toEqual({ machine: 'arm64', subsystem: 'gui' });
  });

  it('are told from other files', () => {
    expect(() => readPe(peFile(0x1c0, 3))).toThrow('unknown machine');
    expect(() => readPe(Buffer.alloc(100))).toThrow('not a PE file');
  });
});

describe('an executable of a release', () => {
  /** What is said of a file as the executable of a platform. */
  async function check(file: Buffer, name: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'netmachinery-executable-'));
    try {
      const path = join(folder, 'program');
      await writeFile(path, file);
      const [platform] = chosenPlatforms([name]);
      if (platform === undefined) throw new Error(`no platform ${name}`);
      return await checkExecutable(path, platform);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  const signed = signMachO(unsignedMachO(10_000), 'some-name');
  const changed = Buffer.from(signed);
  changed.writeUInt8(changed.readUInt8(5000) ^ 1, 5000);
  const own = process.arch === 'x64' ? 'amd64' : process.arch;

  it.each([
    ['darwin_arm64', signed, 'Mach-O arm64, ad hoc signature of 3 pages'],
    ['windows_amd64', peFile(0x8664, 3), 'PE32+ amd64, console'],
  ])('is one that %s starts', async (name, file, words) => {
    expect(await check(file, name)).toBe(words);
  });

  it.each([
    ['darwin_amd64', signed, 'darwin_amd64: the executable is one for arm64'],
    ['darwin_arm64', changed, 'darwin_arm64: 1 of 3 signed pages are wrong'],
    ['windows_arm64', peFile(0x8664, 3), 'windows_arm64: the executable is one for amd64'],
    ['windows_amd64', peFile(0x8664, 2), 'windows_amd64: the executable is one of subsystem gui'],
    // Node.js is C++ that is linked with a library of it, which a release does not state for glibc.
    [`linux_${own}`, readFileSync(process.execPath), `linux_${own}: the executable needs `],
    [`linux_${own === 'amd64' ? 'arm64' : 'amd64'}`, readFileSync(process.execPath), `is one for ${own}`],
  ])('is refused where %s would not start it, or it is not as stated', async (name, file, words) => {
    await expect(check(file, name)).rejects.toThrow(words);
  });
});
