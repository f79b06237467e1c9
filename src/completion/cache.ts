// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Offer } from './answer.js';
import { replaceFile } from './replace-file.js';

/** As long as offers are given again without asking. */
const lifeMs = 10_000;
/** More is not from us. */
const mostBytes = 1_000_000;

/** Offers for seconds, one file each in a folder of the user's own. Nothing here throws: without it there is a request more. */
export class Cache {
  /** `folder` is undefined where there is none. */
  constructor(readonly folder: string | undefined) {}

  /** What was kept under a key within the last 10 s. */
  read(key: string): Offer[] | undefined {
    if (this.folder === undefined) return undefined;
    try {
      // Nobody else's file is read, and no link followed (Windows has no such flag).
      const file = openSync(this.#path(key), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        const { mtimeMs, uid, size } = fstatSync(file);
        const isOurs = process.getuid === undefined || uid === process.getuid();
        if (!isOurs || size > mostBytes || !isFresh(mtimeMs)) return undefined;
        return offersOf(JSON.parse(readFileSync(file, 'utf8')));
      } finally {
        closeSync(file);
      }
    } catch {
      return undefined;
    }
  }

  /** Keeps offers under a key, and removes what is too old. */
  write(key: string, offers: readonly Offer[]): void {
    if (this.folder === undefined) return;
    try {
      replaceFile(this.#path(key), JSON.stringify(offers), 0o600);
    } catch {
      // The next one asks again.
    }
    this.#removeStale(this.folder);
  }

  #path(key: string): string {
    return join(this.folder ?? '', createHash('sha256').update(key).digest('hex'));
  }

  #removeStale(folder: string): void {
    try {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (!isFresh(lstatSync(path).mtimeMs)) rmSync(path, { force: true });
      }
    } catch {
      // Another completion does the same.
    }
  }
}

/** A time that is still to come is of another clock. */
function isFresh(mtimeMs: number): boolean {
  const ageMs = Date.now() - mtimeMs;
  return ageMs > -lifeMs && ageMs < lifeMs;
}

function offersOf(value: unknown): Offer[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const offers = value as Partial<Offer>[];
  return offers.every(({ word }) => typeof word === 'string') ? (offers as Offer[]) : undefined;
}
