// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';

/** What a macOS executable is, and what its signature says. */
export interface MachOFile {
  machine: 'amd64' | 'arm64';
  signature: {
    /** Signed by nobody: enough to be started, which arm64 asks for. */
    adHoc: boolean;
    /** Pages whose hash is in the signature, and how many of these hashes are wrong. */
    pages: number;
    wrongPages: number;
    identifier: string;
  };
}

/** mach/machine.h. */
const machines: Record<number, MachOFile['machine']> = { 0x01000007: 'amd64', 0x0100000c: 'arm64' };
/** mach-o/loader.h. */
export const loadCommands = { segment64: 0x19, codeSignature: 0x1d } as const;

/** xnu, osfmk/kern/cs_blobs.h. */
export const codeSignature = {
  superBlobMagic: 0xfade0cc0,
  codeDirectoryMagic: 0xfade0c02,
  codeDirectorySlot: 0,
  adHoc: 0x2,
  linkerSigned: 0x20000,
  sha256: 2,
  mainBinary: 1n,
} as const;

/** Where the first load command begins that is as wanted. Throws when there is none. */
export function findLoadCommand(file: Buffer, isWanted: (at: number) => boolean): number {
  let at = 32;
  for (let left = file.readUInt32LE(16); left > 0; left -= 1) {
    if (isWanted(at)) return at;
    at += file.readUInt32LE(at + 4);
  }
  throw new Error('a Mach-O file without a load command that it needs');
}

/**
 * Reads an executable's header and verifies its embedded signature: the hash of each page up to the signature (xnu,
 * osfmk/kern/cs_blobs.h, big-endian). Throws when it is no Mach-O file of a known machine, or not signed with SHA-256.
 */
export function readMachO(file: Buffer): MachOFile {
  if (file.readUInt32LE(0) !== 0xfeedfacf) throw new Error('not a Mach-O file of 64 bits');
  const machine = machines[file.readUInt32LE(4)];
  if (machine === undefined) throw new Error(`Mach-O machine ${file.readUInt32LE(4)}`);
  const command = findLoadCommand(file, (at) => file.readUInt32LE(at) === loadCommands.codeSignature);
  const start = file.readUInt32LE(command + 8);
  const blob = file.subarray(start, start + file.readUInt32LE(command + 12));
  if (blob.readUInt32BE(0) !== codeSignature.superBlobMagic || blob.readUInt32BE(4) > blob.length)
    throw new Error('no SuperBlob');

  const index = Array.from({ length: blob.readUInt32BE(8) }, (_, each) => 12 + each * 8);
  const slot = index.find((at) => blob.readUInt32BE(at) === codeSignature.codeDirectorySlot);
  if (slot === undefined) throw new Error('a signature without a CodeDirectory');
  const directory = blob.subarray(blob.readUInt32BE(slot + 4));
  if (directory.readUInt32BE(0) !== codeSignature.codeDirectoryMagic)
    throw new Error('no CodeDirectory where one is said to be');
  if (directory[37] !== codeSignature.sha256 || directory[36] !== 32) throw new Error('a CodeDirectory not of SHA-256');

  const hashes = directory.readUInt32BE(16);
  const pages = directory.readUInt32BE(28);
  const limit = directory.readUInt32BE(32);
  const pageSize = 2 ** (directory[39] ?? 0);
  if (limit !== start || pages !== Math.ceil(limit / pageSize))
    throw new Error('a signature of another part of the file');
  let wrongPages = 0;
  for (let page = 0; page < pages; page += 1) {
    const bytes = file.subarray(page * pageSize, Math.min((page + 1) * pageSize, limit));
    const expected = directory.subarray(hashes + page * 32, hashes + page * 32 + 32);
    if (!createHash('sha256').update(bytes).digest().equals(expected)) wrongPages += 1;
  }
  const identifier = directory.readUInt32BE(20);
  return {
    machine,
    signature: {
      adHoc: (directory.readUInt32BE(12) & codeSignature.adHoc) !== 0,
      pages,
      wrongPages,
      identifier: directory.toString('latin1', identifier, directory.indexOf(0, identifier)),
    },
  };
}
