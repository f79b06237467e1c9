// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeRelease } from './make-release.js';
import { chosenPlatforms } from './platforms.js';

/** `npm run release [-- PLATFORM...]`: archives of these platforms, such as linux_amd64, or of all. */
const outdir = join(import.meta.dirname, '../../dist-release');
const platforms = chosenPlatforms(process.argv.slice(2));
await rm(outdir, { recursive: true, force: true });
await makeRelease({ platforms, outdir, gzipLevel: 12, progress: (line) => process.stderr.write(`${line}\n`) });
