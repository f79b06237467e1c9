// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { lockedPackage, sha512OfIntegrity } from './lock-file.js';
import { mitText } from './mit-text.js';

const root = join(import.meta.dirname, '../..');

/** A package of which code is in the program. */
export interface BundledPackage {
  name: string;
  version: string;
  /** An SPDX identifier. */
  licence: string;
  /** What its licence files say, notices included. */
  texts: string[];
  /** SHA-512 of its archive in the npm registry, in hexadecimal digits. */
  sha512: string;
}

interface PackageJson {
  name: string;
  license?: string;
  author?: string | { name?: string };
}

function bundledPackage(folder: string): BundledPackage {
  const path = join(root, folder);
  const { name, license, author } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as PackageJson;
  if (license === undefined) throw new Error(`${folder} says no licence in its package.json`);
  const texts = readdirSync(path)
    .filter((file) => /^(?:un)?(?:licen[cs]e|copying|notice)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(path, file), 'utf8').trim());
  if (texts.length === 0) {
    if (license !== 'MIT') throw new Error(`${folder} (${license}) has no licence file`);
    texts.push(mitText((typeof author === 'string' ? author : author?.name) ?? `the authors of ${name}`));
  }
  const { version, integrity } = lockedPackage(folder);
  return { name, version, licence: license, texts, sha512: sha512OfIntegrity(integrity) };
}

/** The packages of which at least one byte is in a bundle, sorted by name and version. Throws when one has no licence. */
export function bundledPackages({ outputs }: Metafile): BundledPackage[] {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  // One version may be installed in two places.
  const found = new Map([...folders].map(bundledPackage).map((each) => [`${each.name}@${each.version}`, each]));
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}
