// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '../errors/failure.js';
import { decodeText } from './decode-text.js';
import type { ManifestText } from './documents.js';
import { Problems } from './problems.js';

/** More is no manifest that anybody wrote. */
const maxBytes = 8 * 1024 * 1024;

/** How many subfolders a message names. */
const shownFolders = 5;

export interface ManifestFileOptions {
  readStandardInput: () => Promise<Uint8Array>;
  /** What takes the files, for hints. */
  command: 'run' | 'validate' | 'shape' | 'inject' | 'uninject' | 'inject enable';
  /** Undefined where the command has no such flag. */
  recursive?: boolean | undefined;
  /** Texts that are going to be written again keep their byte order mark. */
  keepMark?: boolean | undefined;
}

export interface ManifestFiles {
  texts: ManifestText[];
  /** One line each. */
  warnings: string[];
}

/**
 * The texts behind `-f`: files, directories (their *.yaml, *.yml and *.json by name; those below with -R only, as in
 * kubectl), `-` for standard input. A file that is named twice is read once. Throws one Failure `usage` for all that cannot
 * be read.
 */
export async function readManifestFiles(
  names: readonly string[],
  options: ManifestFileOptions,
): Promise<ManifestFiles> {
  const problems = new Problems();
  const texts: ManifestText[] = [];
  const warnings: string[] = [];
  /** As it was named first, by its place in the file system. */
  const known = new Map<string, string>();
  const attempt = async (name: string, act: () => Promise<void>) => {
    await act().catch((thrown: unknown) => {
      problems.addFailure(name, unreadable(thrown));
    });
  };
  const readFileOnce = async (file: string) => {
    const place = await realpath(file).catch(() => resolve(file));
    const first = known.get(place);
    known.set(place, first ?? file);
    if (first === undefined) texts.push({ name: file, text: decodeText(await readFile(file), options.keepMark) });
    else warnings.push(`${file} is named twice${first === file ? '' : `, as ${first} too`}: it is read once`);
  };
  for (const [index, name] of names.entries()) {
    if (name === '') problems.add('-f names no file: ""');
    else if (name !== '-') {
      await attempt(name, async () => {
        for (const file of await filesOf(name, options)) await attempt(file, () => readFileOnce(file));
      });
    } else if (names.indexOf('-') < index) problems.add('-f -: standard input can be read once only');
    else {
      await attempt('standard input', async () => {
        texts.push({ name: 'standard input', text: decodeText(await options.readStandardInput(), options.keepMark) });
      });
    }
  }
  problems.throwIfAny();
  return { texts, warnings };
}

async function filesOf(name: string, { command, recursive }: ManifestFileOptions): Promise<string[]> {
  if (/^https?:\/\//.test(name)) {
    throw new Failure('usage', 'manifests are not fetched', {
      hint: `curl ${name} | kubectl netmachinery ${command} -f -`,
    });
  }
  const found = await stat(name);
  if (!found.isDirectory()) {
    if (found.size > maxBytes) throw new Failure('usage', `is larger than ${maxBytes / 1024 / 1024} MiB`);
    return [name];
  }
  const files = await manifestsIn(name, recursive === true);
  if (files.length > 0) return files;
  const folders = recursive === true ? [] : await foldersWithManifests(name);
  const shown = folders.slice(0, shownFolders).join(', ') + (folders.length > shownFolders ? ', ...' : '');
  const how = recursive === undefined ? 'name them with -f' : 'add -R';
  throw new Failure('usage', 'no *.yaml, *.yml or *.json is in this directory', {
    hint: folders.length === 0 ? undefined : `its subfolders have some (${shown}): ${how}`,
  });
}

/** By name. A link to a directory is not followed: it may lead back. */
async function manifestsIn(folder: string, recursive: boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive });
  return entries
    .filter((entry) => !entry.isDirectory() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function foldersWithManifests(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  const counts = await Promise.all(below.sort().map(async (each) => (await manifestsIn(each, true)).length));
  return below.filter((_, index) => (counts[index] ?? 0) > 0);
}

function unreadable(thrown: unknown): unknown {
  if (thrown instanceof Failure || !(thrown instanceof Error) || !('code' in thrown)) return thrown;
  const reasons: Record<string, string> = { ENOENT: 'does not exist', EACCES: 'may not be read' };
  return new Failure('usage', reasons[String(thrown.code)] ?? `can not be read: ${thrown.message}`, { cause: thrown });
}
