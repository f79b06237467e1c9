// SPDX-License-Identifier: Apache-2.0
import { durationHint, outOfBounds, readDurationMs, type DurationBounds } from '../model/duration.js';
import { isImageName } from '../tool-image.js';

/** What is wrong with a text, to be said behind it. */
interface Refusal {
  refusal: string;
  hint?: string | undefined;
}

/** What the values of a setting are, and how a text becomes one. */
export interface ValueKind<Value extends string | number> {
  /** What stands for a value: `DURATION`. */
  word: string;
  /** Whether YAML's numbers can be such a value; all others are texts. */
  isNumber: boolean;
  /** The only texts that are taken. */
  options?: readonly string[];
  read(text: string): Value | Refusal;
}

/** The name of a container image. */
export const imageName: ValueKind<string> = {
  word: 'IMAGE',
  isNumber: false,
  read: (text) => (isImageName(text) ? text : { refusal: 'not the name of an image' }),
};

/** A duration in whole milliseconds, rounded up; bounds are inclusive. */
export function duration(bounds: DurationBounds): ValueKind<number> {
  return {
    word: 'DURATION',
    isNumber: true,
    read: (text) => {
      const ms = readDurationMs(text);
      if (ms === undefined) return { refusal: 'not a duration', hint: durationHint };
      const refusal = outOfBounds(ms, bounds);
      return refusal === undefined ? Math.ceil(ms) : { refusal };
    },
  };
}

/** A whole number of at least 1. */
export const count: ValueKind<number> = {
  word: 'N',
  isNumber: true,
  read: (text) => {
    const value = Number(text);
    return /^-?\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)
      ? value
      : { refusal: 'not an integer greater than or equal to 1' };
  },
};

/** One of a few words. */
export function oneOf(options: readonly string[]): ValueKind<string> {
  return {
    word: options.join('|'),
    isNumber: false,
    options,
    read: (text) => (options.includes(text) ? text : { refusal: `must be one of ${options.join(', ')}` }),
  };
}

/** What is said in a pod's specification stays there; etcd and everybody who reads it carry it along. */
const maxNoteLength = 1024;

/** Words for those who read a pod's specification. */
export const note: ValueKind<string> = {
  word: 'TEXT',
  isNumber: false,
  read: (text) =>
    text.length <= maxNoteLength
      ? text
      : { refusal: `has ${text.length} characters, and at most ${maxNoteLength} are kept` },
};
