// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { codeSignature, findLoadCommand, loadCommands } from './mach-o.js';

const directorySize = 88;
const pageBits = 12;
const pageSize = 2 ** pageBits;
const hashSize = 32;

/** The 64-bit segment command with a name (mach-o/loader.h). */
function segmentCommand(file: Buffer, name: string): number {
  return findLoadCommand(
    file,
    (at) =>
      file.readUInt32LE(at) === loadCommands.segment64 &&
      file.toString('latin1', at + 8, at + 8 + name.length + 1) === `${name}\0`,
  );
}

/**
 * Gives a Mach-O file the ad hoc signature that a linker would: a CodeDirectory with the SHA-256 of each page and nothing
 * else, in the place of the one that it has (xnu, osfmk/kern/cs_blobs.h). Bun's compiler does that for arm64 only; what it
 * leaves for amd64 is the runtime's own signature, which is none of the file any more.
 */
export function signMachO(input: Buffer, identifier: string): Buffer {
  const command = findLoadCommand(input, (at) => input.readUInt32LE(at) === loadCommands.codeSignature);
  const start = input.readUInt32LE(command + 8);
  const pages = Math.ceil(start / pageSize);
  const name = Buffer.from(`${identifier}\0`, 'latin1');
  const directoryLength = directorySize + name.length + pages * hashSize;
  const blobLength = 20 + directoryLength;

  const file = Buffer.alloc(start + blobLength);
  input.copy(file, 0, 0, start);
  file.writeUInt32LE(blobLength, command + 12);
  const linkEdit = segmentCommand(file, '__LINKEDIT');
  const linkEditSize = BigInt(file.length) - file.readBigUInt64LE(linkEdit + 40);
  file.writeBigUInt64LE(linkEditSize, linkEdit + 48);
  // In memory it is as large as before unless that is too small; arm64 has pages of 16 KiB.
  if (file.readBigUInt64LE(linkEdit + 32) < linkEditSize) {
    file.writeBigUInt64LE(((linkEditSize + 0x3fffn) / 0x4000n) * 0x4000n, linkEdit + 32);
  }

  const textSegment = segmentCommand(file, '__TEXT');
  const { superBlobMagic, codeDirectoryMagic, codeDirectorySlot, adHoc, linkerSigned, sha256, mainBinary } =
    codeSignature;
  const words = [superBlobMagic, blobLength, 1, codeDirectorySlot, 20];
  words.push(codeDirectoryMagic, directoryLength, 0x20400, adHoc | linkerSigned);
  words.push(directorySize + name.length, directorySize, 0, pages, start);
  words.forEach((word, index) => file.writeUInt32BE(word, start + index * 4));
  const directory = file.subarray(start + 20);
  directory.set([hashSize, sha256, 0, pageBits], 36);
  directory.writeBigUInt64BE(file.readBigUInt64LE(textSegment + 40), 64);
  directory.writeBigUInt64BE(file.readBigUInt64LE(textSegment + 48), 72);
  directory.writeBigUInt64BE(mainBinary, 80);
  name.copy(directory, directorySize);
  for (let page = 0; page < pages; page += 1) {
    const bytes = file.subarray(page * pageSize, Math.min((page + 1) * pageSize, start));
    directory.set(createHash('sha256').update(bytes).digest(), directorySize + name.length + page * hashSize);
  }
  return file;
}
