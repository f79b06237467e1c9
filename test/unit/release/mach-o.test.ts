// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readMachO } from '../../../scripts/release/mach-o.js';
import { signMachO } from '../../../scripts/release/sign-mach-o.js';
import { unsignedMachO } from './mach-o-file.js';

describe('an ad hoc signature', () => {
  it('is of each page', () => {
    const signed = signMachO(unsignedMachO(10_000), 'some-name');
    const signature = { adHoc: true, pages: 3, wrongPages: 0, identifier: 'some-name' };
    expect(readMachO(signed)).toEqual({ machine: 'arm64', signature });
  });

  it('takes the place of the one before', () => {
    const once = signMachO(unsignedMachO(10_000), 'some-name');
    expect(signMachO(once, 'some-name').equals(once)).toBe(true);
    expect(readMachO(signMachO(once, 'another-longer-name')).signature).toMatchObject({ wrongPages: 0 });
  });

  it.each([200, 5000, 9999])('is wrong once byte %i is another', (at) => {
    const signed = signMachO(unsignedMachO(10_000), 'some-name');
    signed.writeUInt8(signed.readUInt8(at) ^ 1, at);
    expect(readMachO(signed).signature.wrongPages).toBe(1);
  });

  it('is told to be missing, or of another part of the file', () => {
    expect(() => readMachO(unsignedMachO(10_000))).toThrow('no SuperBlob');
    const signed = signMachO(unsignedMachO(10_000), 'some-name');
    const longer = Buffer.concat([signed.subarray(0, 10_000), Buffer.alloc(4096), signed.subarray(10_000)]);
    // As a compiler does that puts something in and leaves the signature as it was.
    longer.writeUInt32LE(14_096, 32 + 72 + 72 + 8);
    expect(() => readMachO(longer)).toThrow('a signature of another part of the file');
    expect(() => readMachO(Buffer.alloc(100))).toThrow('not a Mach-O file');
  });
});
