// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import { archiveName } from '../../scripts/release/make-release.js';

/** The platform of this machine. */
export const ownPlatform = process.arch === 'arm64' ? 'linux_arm64' : 'linux_amd64';

/** A file of the release that the set-up has made. */
export function releaseFile(name: string): string {
  return join(process.env['NETMACHINERY_TEST_RELEASE'] ?? '', name);
}

/** The archive of a platform, or of `noarch`. */
export function archiveFile(platform: string): string {
  return releaseFile(archiveName(platform));
}

/** Where the set-up has unpacked the archive of this machine's platform. */
export function ownFolder(): string {
  return releaseFile(ownPlatform);
}

/** Unpacks the archive of a platform into a folder of that name beside it. */
export async function unpack(platform: string): Promise<string> {
  const cwd = releaseFile(platform);
  await mkdir(cwd, { recursive: true });
  await extract({ file: archiveFile(platform), cwd });
  return cwd;
}
