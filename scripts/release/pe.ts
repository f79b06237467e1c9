// SPDX-License-Identifier: Apache-2.0

/** What a Windows executable is (Microsoft's PE format). */
export interface PeFile {
  machine: 'amd64' | 'arm64';
  subsystem: 'console' | 'gui';
}

const machines: Record<number, PeFile['machine']> = { 0x8664: 'amd64', 0xaa64: 'arm64' };
const subsystems: Record<number, PeFile['subsystem']> = { 2: 'gui', 3: 'console' };

/** Reads an executable's headers. Throws when it is no PE32+ executable of a known machine. */
export function readPe(file: Buffer): PeFile {
  const header = file.toString('latin1', 0, 2) === 'MZ' ? file.readUInt32LE(0x3c) : file.length;
  if (file.toString('latin1', header, header + 4) !== 'PE\0\0') throw new Error('not a PE file');
  const machine = machines[file.readUInt16LE(header + 4)];
  const optional = header + 24;
  if (file.readUInt16LE(optional) !== 0x20b) throw new Error('not a PE32+ file');
  const subsystem = subsystems[file.readUInt16LE(optional + 68)];
  if (machine === undefined || subsystem === undefined)
    throw new Error('a PE file for an unknown machine or subsystem');
  return { machine, subsystem };
}
