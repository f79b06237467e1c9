// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { bareValues } from '../surface/bare-values.js';

/** What of a flag's definition decides how words are read. */
export interface FlagShape {
  name: string;
  type: string;
  char?: string | undefined;
  multiple?: boolean | undefined;
}

/** What strconv.ParseBool of Go takes. */
const truths = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const falsehoods = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

function isShort(word: string, char: string | undefined): boolean {
  return char !== undefined && word.startsWith(`-${char}`);
}

/** A boolean as one word without a value, or none. Throws Failure `usage` in the words of pflag. */
function booleanWord(word: string, name: string): string[] {
  const value = word.slice(name.length + 3);
  if (word === `--${name}` || truths.has(value)) return [`--${name}`];
  if (falsehoods.has(value)) return [];
  const why = `strconv.ParseBool: parsing "${value}": invalid syntax`;
  throw new Failure('usage', `invalid argument "${value}" for "--${name}" flag: ${why}`);
}

/**
 * A command line as kubectl's flag library (pflag) reads it, written so that oclif reads the same. A flag that takes one
 * value counts as it was given last, because an alias may have one and the user another: oclif refuses that. And booleans
 * may have a value (`--insecure-skip-tls-verify=false`), which oclif takes for true and an argument.
 */
export function pflagWords(argv: readonly string[], flags: readonly FlagShape[]): string[] {
  const kept: string[][] = [];
  const placeOf = new Map<string, number>();
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const text = word;
    const isLong = ({ name }: FlagShape) => text === `--${name}` || text.startsWith(`--${name}=`);
    const flag = text === '--' ? undefined : flags.find((one) => isLong(one) || isShort(text, one.char));
    if (flag === undefined || (flag.type !== 'option' && !isLong(flag))) {
      kept.push(text === '--' ? [text, ...words.splice(0)] : [text]);
      continue;
    }
    const bare = bareValues[flag.name];
    if (bare !== undefined) {
      kept.push([text === `--${flag.name}` ? `${text}=${bare}` : text]);
      continue;
    }
    const isAlone = text === `--${flag.name}` || text === `-${flag.char ?? ''}`;
    const group = flag.type !== 'option' ? booleanWord(text, flag.name) : [text, ...words.splice(0, isAlone ? 1 : 0)];
    const earlier = placeOf.get(flag.name);
    if (flag.multiple !== true && earlier !== undefined) kept[earlier] = [];
    placeOf.set(flag.name, kept.push(group) - 1);
  }
  return kept.flat();
}
