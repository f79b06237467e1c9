// SPDX-License-Identifier: Apache-2.0

const commandsSize = 72 + 72 + 16;

function segment(name: string, fileOffset: number, fileSize: number): Buffer {
  const command = Buffer.alloc(72);
  command.writeUInt32LE(0x19, 0);
  command.writeUInt32LE(72, 4);
  command.write(name, 8, 'latin1');
  command.writeBigUInt64LE(BigInt(fileSize), 32);
  command.writeBigUInt64LE(BigInt(fileOffset), 40);
  command.writeBigUInt64LE(BigInt(fileSize), 48);
  return command;
}

/** A Mach-O file for arm64 of segments __TEXT and __LINKEDIT, with room for a signature at `size`, which it says nothing in. */
export function unsignedMachO(size: number): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(0x0100000c, 4);
  header.writeUInt32LE(3, 16);
  header.writeUInt32LE(commandsSize, 20);
  const signature = Buffer.alloc(16);
  signature.writeUInt32LE(0x1d, 0);
  signature.writeUInt32LE(16, 4);
  signature.writeUInt32LE(size, 8);
  signature.writeUInt32LE(64, 12);
  const half = size / 2;
  const commands = [segment('__TEXT', 0, half), segment('__LINKEDIT', half, half + 64), signature];
  const content = Buffer.from(Array.from({ length: size - header.length - commandsSize }, (_, at) => at % 251));
  return Buffer.concat([header, ...commands, content, Buffer.alloc(64)]);
}
