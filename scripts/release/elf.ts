// SPDX-License-Identifier: Apache-2.0

/** What an ELF file (System V ABI, 64 bits, little-endian) needs to be started. */
export interface ElfFile {
  machine: 'amd64' | 'arm64';
  interpreter: string;
  /** Names of shared libraries, in the order of the file. */
  needed: string[];
  /** The newest version of the GNU C library that a symbol asks for, such as `2.17`. */
  newestGlibc?: string;
}

const machines: Record<number, ElfFile['machine']> = { 62: 'amd64', 183: 'arm64' };

interface Segment {
  type: number;
  offset: number;
  address: number;
  size: number;
}

function text(file: Buffer, offset: number): string {
  return file.toString('latin1', offset, file.indexOf(0, offset));
}

function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

/** Reads an executable's headers. Throws when it is no dynamic ELF executable of a known machine. */
export function readElf(file: Buffer): ElfFile {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2) throw new Error('not an ELF file of 64 bits');
  const machine = machines[file.readUInt16LE(18)];
  if (machine === undefined) throw new Error(`ELF machine ${file.readUInt16LE(18)}`);
  const start = Number(file.readBigUInt64LE(32));
  const segments = Array.from({ length: file.readUInt16LE(56) }, (_, index): Segment => {
    const at = start + index * file.readUInt16LE(54);
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
  const segment = (type: number) => {
    const found = segments.find((each) => each.type === type);
    if (found === undefined) throw new Error(`no ELF segment of type ${type}`);
    return found;
  };
  const offsetOf = (address: number) => {
    const found = segments.find(
      (each) => each.type === 1 && address >= each.address && address < each.address + each.size,
    );
    if (found === undefined) throw new Error(`no ELF segment holds address ${address}`);
    return address - found.address + found.offset;
  };

  const dynamic = segment(2);
  const entries: [tag: bigint, value: number][] = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    entries.push([file.readBigUInt64LE(at), Number(file.readBigUInt64LE(at + 8))]);
  }
  const valueOf = (tag: bigint) => entries.find(([each]) => each === tag)?.[1];
  const strings = offsetOf(valueOf(5n) ?? 0);
  const needed = entries.filter(([tag]) => tag === 1n).map(([, value]) => text(file, strings + value));

  // DT_VERNEED and DT_VERNEEDNUM: the versions asked for, by library.
  const versions: string[] = [];
  let library = valueOf(0x6ffffffen) === undefined ? 0 : offsetOf(valueOf(0x6ffffffen) ?? 0);
  for (let left = valueOf(0x6fffffffn) ?? 0; left > 0; left -= 1) {
    let version = library + file.readUInt32LE(library + 8);
    for (let count = file.readUInt16LE(library + 2); count > 0; count -= 1) {
      versions.push(text(file, strings + file.readUInt32LE(version + 8)));
      version += file.readUInt32LE(version + 12);
    }
    library += file.readUInt32LE(library + 12);
  }
  const newestGlibc = versions
    .flatMap((version) => /^GLIBC_([0-9.]+)$/.exec(version)?.[1] ?? [])
    .sort(compareVersions)
    .at(-1);
  const interpreter = text(file, segment(3).offset);
  return { machine, interpreter, needed, ...(newestGlibc === undefined ? {} : { newestGlibc }) };
}
