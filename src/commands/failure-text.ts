// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';

/** oclif wraps what a flag's parser throws in its own words. */
const flagParserWrapping = /^Parsing --\S+\s*\n\t([^]*?)(?:\nSee more help with --help)?$/;

const oclifWords: [RegExp, (match: RegExpMatchArray) => string][] = [
  [/^command (.+) not found$/, (match) => `unknown command "${(match[1] ?? '').replaceAll(':', ' ')}"`],
  [/^Nonexistent flags?: (.+)$/, (match) => `unknown flag: ${match[1] ?? ''}`],
  [/^Flag (--\S+) expects a value$/, (match) => `flag needs an argument: ${match[1] ?? ''}`],
  [
    /^Expected (--\S+)=(.*) to be one of: (.+)$/,
    (match) => `invalid value "${match[2] ?? ''}" for ${match[1] ?? ''}: must be one of ${match[3] ?? ''}`,
  ],
  [/^Unexpected arguments?: (.+)$/, (match) => `unexpected argument: ${match[1] ?? ''}`],
];

function usageOf(message: string): Failure {
  const text = message.replace(/\nSee more help with --help$/, '').trim();
  const first = text.split('\n')[0] ?? text;
  for (const [pattern, words] of oclifWords) {
    const match = pattern.exec(first);
    if (match !== null) return new Failure('usage', words(match), { hint: "see 'kubectl netmachinery --help'" });
  }
  return new Failure('usage', text.replaceAll(/\s*\n\s*/g, ' '), { hint: "see 'kubectl netmachinery --help'" });
}

/** Any thrown value as a Failure; oclif's complaints about words and flags become usage errors in kubectl's words. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failure) {
    const wrapped = flagParserWrapping.exec(thrown.message);
    return wrapped?.[1] === undefined ? thrown : new Failure(thrown.code, wrapped[1], { hint: thrown.hint });
  }
  if (thrown instanceof Error && 'oclif' in thrown) return usageOf(thrown.message);
  return asFailure(thrown);
}

/** What the user reads on stderr: one line of what is wrong, one of what to do. A bug of ours shows its stack. */
export function failureText(failure: Failure): string {
  const lines = [`error: ${failure.message}`];
  if (failure.hint !== undefined) lines.push(`hint: ${failure.hint}`);
  if (failure.code === 'bug' && failure.cause instanceof Error && failure.cause.stack !== undefined) {
    lines.push('this is a bug of kubectl netmachinery; please report it with these lines:', failure.cause.stack);
  }
  return `${lines.join('\n')}\n`;
}
