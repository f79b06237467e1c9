// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { parseDestination, parseToSelector, type DestinationGrammarOptions } from './destination-grammar.js';
import { refuseEmptyAndFlags } from './object-words.js';
import { quote } from './quote.js';
import type { DestinationRef, SourceSpec, ToSelector } from './refs.js';
import { resourceKind } from './resource-types.js';
import { parseSelectorSource, parseSource } from './source-grammar.js';

export interface TargetArgumentsOptions extends DestinationGrammarOptions {
  /** `-l`: the sources; all arguments are destinations then. */
  selector?: string | undefined;
  /** `--to-selector`: destinations beside those of the arguments. */
  toSelector?: string | undefined;
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
  const destinations = destinationWords.map((word) => parseDestination(word, options));
  return { source, destinations, ...(toSelector === undefined ? {} : { toSelector }) };
}

function joinTypesAndNames(argv: readonly string[]): string[] {
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
  return options.verb === 'ping' ? 'usage: ping SRC DST...' : 'usage: connect SRC DST:PORT...';
}

function missingDestination(first: string | undefined, options: TargetArgumentsOptions): Failure {
  if (options.selector !== undefined) {
    return new Failure('usage', 'a destination is needed', { hint: 'with -l all arguments are destinations' });
  }
  const example = options.verb === 'ping' ? 'DST' : 'DST:PORT';
  return new Failure('usage', `a destination is needed beside ${quote(first ?? '')}`, {
    hint: `did you mean: ${options.verb} ${first ?? 'SRC'} ${example}?`,
  });
}
