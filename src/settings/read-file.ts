// SPDX-License-Identifier: Apache-2.0
import { open } from 'node:fs/promises';
import { configPath, configVariable } from '../config-path.js';
import { Failure } from '../errors/failure.js';
import type { FileEntries } from './parse-file.js';

/** The user's file of settings, whether it is there or not. */
export interface SettingsFile {
  path: string;
  isThere: boolean;
  entries: FileEntries;
}

/** Far more than all settings need, in bytes. */
const maxSize = 64 * 1024;

/** The file that the environment names. Throws Failure `usage` where it cannot be read or has anything wrong in it. */
export async function readSettingsFile(environment: NodeJS.ProcessEnv): Promise<SettingsFile> {
  const path = configPath(environment);
  const isNamed = Boolean(environment[configVariable]);
  const bytes = await contentOf(path, isNamed);
  if (bytes === undefined) return { path, isThere: false, entries: new Map() };
  if (bytes.length > maxSize) throw new Failure('usage', `${path}: too large for settings: over ${maxSize / 1024} KiB`);
  // Nobody pays for a parser without a file, or with the empty one that a script names.
  if (bytes.length === 0) return { path, isThere: true, entries: new Map() };
  const { parseSettings } = await import('./parse-file.js');
  return { path, isThere: true, entries: parseSettings(textOf(bytes, path), path) };
}

/** Up to one byte more than there may be; undefined where there is no file. Pipes and devices are read as well. */
async function contentOf(path: string, isNamed: boolean): Promise<Buffer | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(maxSize + 1);
      let size = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, size, buffer.length - size);
        size += bytesRead;
        if (bytesRead === 0 || size === buffer.length) return buffer.subarray(0, size);
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    if (isMissing && !isNamed) return undefined;
    const why = unreadable[code] ?? message;
    const without = `set ${isNamed ? 'it' : configVariable} to ${nothing()} for no settings`;
    const hint = isNamed ? `${configVariable} names it; ${without}` : without;
    throw new Failure('usage', `${path} cannot be read: ${why}`, { hint, cause });
  }
}

function nothing(): string {
  return process.platform === 'win32' ? 'NUL' : '/dev/null';
}

const unreadable: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'part of the path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  ELOOP: 'the links go round in a circle',
  ENAMETOOLONG: 'the name is too long',
};

/** Editors of Windows may write UTF-16. */
function textOf(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Failure('usage', `${path}: not a text in UTF-8`, { hint: 'save it as UTF-8', cause });
  }
}
