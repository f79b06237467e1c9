// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  version: string;
  /** `sha512-` and the digest of the package's archive in base64. */
  integrity: string;
}

interface LockFile {
  packages: Record<string, Partial<LockedPackage> | undefined>;
}

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as LockFile;

/** What package-lock.json says of the package in a folder such as `node_modules/bun`; throws when it says nothing. */
export function lockedPackage(folder: string): LockedPackage {
  const { version, integrity } = lock.packages[folder] ?? {};
  if (version === undefined || integrity?.startsWith('sha512-') !== true) {
    throw new Error(`package-lock.json says no version and sha512 of ${folder}`);
  }
  return { version, integrity };
}

/** The SHA-512 digest of an integrity, in hexadecimal digits. */
export function sha512OfIntegrity(integrity: string): string {
  return Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
}
