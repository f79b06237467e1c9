// SPDX-License-Identifier: Apache-2.0
import { nearestNames } from '../targets/edit-distance.js';
import { quote } from '../targets/quote.js';
import { noted } from './noted.js';
import type { Located, Place } from './place.js';

/** A key of this name whose value is `noted` merges something that nobody knows. */
const merge = '<<';

/** A value as words: the kind of it, never its content, which may be endless. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text ${quote(value)}`;
  return typeof value === 'number' || typeof value === 'boolean' ? `the ${typeof value} ${value}` : 'an object';
}

/**
 * The fields of one object. Every reader notes what is wrong in its place and returns undefined for it, as it does for a
 * field that is absent or null. `end` notes the fields that nothing has read.
 */
export class Fields {
  private readonly known = new Set<string>();

  private constructor(
    private readonly object: Readonly<Record<string, unknown>>,
    readonly place: Place,
  ) {}

  static of(value: unknown, place: Place): Fields | undefined {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return new Fields(value as Record<string, unknown>, place);
    }
    if (value !== noted) place.wrong(`an object is needed here, not ${describeValue(value)}`);
    return undefined;
  }

  /** The value as it is. What is absent is `noted` where `<<` merges something that nobody knows: it may be in there. */
  raw(name: string): unknown {
    this.known.add(name);
    if (Object.hasOwn(this.object, name)) return this.object[name] ?? undefined;
    return this.object[merge] === noted ? noted : undefined;
  }

  /** False only where it is known to be absent. */
  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  /** Whether it is in this object for certain, and says something. */
  says(name: string): boolean {
    const value = this.raw(name);
    return value !== undefined && value !== noted;
  }

  at(name: string): Place {
    return this.place.at(name);
  }

  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'string') return value;
    if (value === noted) return undefined;
    const isScalar = typeof value === 'number' || typeof value === 'boolean';
    const hint = isScalar ? `write it in quotes: ${name}: "${String(value)}"` : undefined;
    this.at(name).wrong(`a text is needed here, not ${describeValue(value)}`, hint);
    return undefined;
  }

  /** A text that is not empty; noted where it is absent. */
  required(name: string): string | undefined {
    const value = this.text(name);
    if (value === '' || !this.has(name)) this.at(name).wrong('is needed');
    return value === '' ? undefined : value;
  }

  /** A whole number of at least `atLeast`. */
  wholeNumber(name: string, atLeast: number): number | undefined {
    const value = this.raw(name);
    if (value === undefined || value === noted) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= atLeast) return value;
    this.at(name).wrong(`a whole number of at least ${atLeast} is needed here, not ${describeValue(value)}`);
    return undefined;
  }

  child(name: string): Fields | undefined {
    const value = this.raw(name);
    return value === undefined ? undefined : Fields.of(value, this.at(name));
  }

  list(name: string): Located[] | undefined {
    const value = this.raw(name);
    if (value === undefined || value === noted) return undefined;
    if (!Array.isArray(value)) {
      this.at(name).wrong(`a list is needed here, not ${describeValue(value)}`);
      return undefined;
    }
    return value.map((item: unknown, index) => ({ value: item, place: this.at(name).at(index) }));
  }

  texts(name: string): string[] | undefined {
    return this.list(name)?.flatMap(({ value, place }) => {
      if (typeof value === 'string') return [value];
      if (value === noted) return [];
      place.wrong(`a text is needed here, not ${describeValue(value)}`);
      return [];
    });
  }

  /** An object whose values are texts, as pairs. */
  textMap(name: string): [string, string][] | undefined {
    const fields = this.child(name);
    if (fields === undefined) return undefined;
    return fields.names().flatMap((key) => {
      const value = fields.text(key);
      return value === undefined ? [] : [[key, value] as [string, string]];
    });
  }

  /** Names of an object whose names are data. */
  names(): string[] {
    return Object.keys(this.object).filter((name) => name !== merge || this.object[merge] !== noted);
  }

  /** A field that can not be done: noted if it says anything. Absent, empty and 0 ask for nothing. */
  refuse(name: string, why: string, hint?: string): void {
    const value = this.raw(name);
    const saysNothing = !this.says(name) || value === '' || value === 0 || (Array.isArray(value) && !value.length);
    if (!saysNothing) this.at(name).wrong(why, hint);
  }

  /** Notes every field that has not been asked for. */
  end(): void {
    for (const name of this.names()) {
      if (this.known.has(name)) continue;
      const [nearest] = nearestNames(name, this.known, 1);
      const hint = nearest === undefined ? `known here: ${[...this.known].join(', ')}` : `did you mean ${nearest}?`;
      this.place.wrongField(name, `unknown field ${quote(name)}`, hint);
    }
  }
}
