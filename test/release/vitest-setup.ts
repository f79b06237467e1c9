// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRelease } from '../../scripts/release/make-release.js';
import { chosenPlatforms } from '../../scripts/release/platforms.js';
import { ownPlatform, unpack } from './made-release.js';

/** This machine's, and one of each other format: all of them take minutes. */
const names = [ownPlatform, 'linux_amd64_musl', 'darwin_amd64', 'windows_amd64'];

/** Makes a release of what is in dist, quickly compressed; its folder is in NETMACHINERY_TEST_RELEASE. */
export default async function setup(): Promise<() => Promise<void>> {
  const outdir = await mkdtemp(join(tmpdir(), 'netmachinery-test-release-'));
  const removeAll = () => rm(outdir, { recursive: true });
  const progress = (line: string) => void process.stderr.write(`release: ${line}\n`);
  try {
    await makeRelease({ platforms: chosenPlatforms(names), outdir, gzipLevel: 1, progress });
    process.env['NETMACHINERY_TEST_RELEASE'] = outdir;
    await Promise.all([unpack(ownPlatform), unpack('noarch')]);
  } catch (error) {
    // A failed set-up has no tear-down: half a gigabyte would stay.
    await removeAll();
    throw error;
  }
  return removeAll;
}
