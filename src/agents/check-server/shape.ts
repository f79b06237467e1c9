// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';

/**
 * Readers of what others send, by hand: a report is read within a tenth of the time that a schema's validator takes. Each takes
 * what it knows and drops the rest. All throw Failure(usage) that names the place, never the value: it may be a secret.
 */
export function wrong(place: string, wanted: string): Failure {
  return new Failure('usage', `${place} must be ${wanted}`);
}

export type Fields = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place, 'an object');
  return value as Fields;
}

export function listOf<T>(value: unknown, place: string, most: number, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value) || value.length > most) throw wrong(place, `a list of at most ${most}`);
  return value.map(read);
}

export function textOf(value: unknown, place: string, most = 1024): string {
  if (typeof value !== 'string' || value.length > most) throw wrong(place, `a text of at most ${most} characters`);
  return value;
}

export function numberOf(value: unknown, place: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw wrong(place, `a number from ${least} to ${most}`);
  }
  return value;
}

export function wholeOf(value: unknown, place: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isInteger(value)) throw wrong(place, 'a whole number');
  return numberOf(value, place, least, most);
}

export function wordOf<T extends string>(value: unknown, place: string, words: ReadonlySet<T>): T {
  if (!(words as ReadonlySet<unknown>).has(value)) throw wrong(place, `one of ${[...words].join(', ')}`);
  return value as T;
}

/** JSON as an object. */
export function parsedObject(text: string, place: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // V8's words quote the text.
    throw wrong(place, 'JSON');
  }
  return objectOf(value, place);
}
