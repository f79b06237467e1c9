// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { parseDestination, parseToSelector, type DestinationGrammarOptions } from './destination-grammar.js';
import { refuseEmptyAndFlags } from './object-words.js';
import { quote } from './quote.js';
import { hasPorts, type DestinationRef, type SourceSpec, type ToSelector } from './refs.js';
import { resourceKind } from './resource-types.js';
import { parseSelectorSource, parseSource } from './source-grammar.js';

export interface TargetArgumentsOptions extends DestinationGrammarOptions {
  /** `-l`: the sources; all arguments are destinations then. */
  selector?: string | undefined;
  /** `--to-selector`: destinations beside those of the arguments. */
  toSelector?: string | undefined;
  /** How a verb reads its destinations, and what they look like, where that is not `connect`'s or `ping`'s way. */
  destinations?: { command: string; example: string; parse: (word: string) => DestinationRef } | undefined;
}

export interface TargetArguments {
  source: SourceSpec;
  destinations: DestinationRef[];
  toSelector?: ToSelector;
}

/** Positional words as source and destinations, with kubectl's `TYPE NAME` beside `TYPE/NAME`. Throws Failure `usage`. */
export function parseTargets(argv: readonly string[], options: TargetArgumentsOptions): TargetArguments {
  const words = joinTypesAndNames(argv);
  const toSelector = options.toSelector === undefined ? undefined : parseToSelector(options.toSelector, options);
  const [first, ...others] = words;
  const bySelector = options.selector !== undefined;
  if (!bySelector && first === undefined) {
    throw new Failure('usage', 'a source and a destination are needed', { hint: usage(options) });
  }
  const source = options.selector === undefined ? parseSource([first ?? '']) : parseSelectorSource(options.selector);
  const destinationWords = bySelector ? words : others;
  if (destinationWords.length === 0 && toSelector === undefined) throw missingDestination(first, options);
  const destinations = destinationWords.map(
    (word) => options.destinations?.parse(word) ?? parseDestination(word, options),
  );
  return { source, destinations, ...(toSelector === undefined ? {} : { toSelector }) };
}

/** Words with `TYPE NAME` joined to `TYPE/NAME`. Throws Failure `usage`. */
export function joinTypesAndNames(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    refuseEmptyAndFlags(word);
    if (resourceKind(word) === undefined) {
      words.push(word);
      continue;
    }
    const name = argv[++index];
    if (name === undefined) {
      throw new Failure('usage', `${quote(word)} is a type, and no name follows it`, {
        hint: `a pod of that name is pod/${word}`,
      });
    }
    refuseEmptyAndFlags(name);
    if (name.includes('/')) {
      throw new Failure('usage', `${quote(word)} is a type, and ${quote(name)} has one already`, {
        hint: `a pod of that name is pod/${word}`,
      });
    }
    words.push(`${word}/${name}`);
  }
  return words;
}

function usage(options: TargetArgumentsOptions): string {
  return `usage: ${options.destinations?.command ?? options.verb} SRC ${exampleOf(options)}...`;
}

function exampleOf({ verb, destinations }: TargetArgumentsOptions): string {
  return destinations?.example ?? (hasPorts(verb) ? 'DST:PORT' : 'DST');
}

function missingDestination(first: string | undefined, options: TargetArgumentsOptions): Failure {
  if (options.selector !== undefined) {
    return new Failure('usage', 'a destination is needed', { hint: 'with -l all arguments are destinations' });
  }
  return new Failure('usage', `a destination is needed beside ${quote(first ?? '')}`, {
    hint: `did you mean: ${options.destinations?.command ?? options.verb} ${first ?? 'SRC'} ${exampleOf(options)}?`,
  });
}
