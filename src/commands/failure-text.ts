// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import { plainText } from '../report/plain-text.js';
import { usageFailure, withCommandMeant } from './usage-failure.js';

/** oclif wraps what a flag's parser throws in its own words. */
const flagParserWrapping = /^Parsing --\S+\s*\n\t([^]*?)(?:\nSee more help with --help)?$/;

/** Any thrown value as a Failure; oclif's complaints about the words and flags of `argv` become usage errors. */
export function failureOf(thrown: unknown, argv: readonly string[] = []): Failure {
  return withCommandMeant(plainFailureOf(thrown, argv), argv);
}

function plainFailureOf(thrown: unknown, argv: readonly string[]): Failure {
  if (thrown instanceof Failure) {
    const wrapped = flagParserWrapping.exec(thrown.message);
    return wrapped?.[1] === undefined ? thrown : new Failure(thrown.code, wrapped[1], { hint: thrown.hint });
  }
  if (thrown instanceof Error && 'oclif' in thrown) return usageFailure(thrown.message, argv);
  return asFailure(thrown);
}

/** The longest line that anybody reads; words of the user's, of a kubeconfig and of a server come back in messages. */
const maxLineLength = 800;

/** One line without anything that drives a terminal. */
function oneLine(text: string): string {
  const plain = plainText(text);
  return plain.length > maxLineLength ? `${plain.slice(0, maxLineLength)}…` : plain;
}

/** What the user reads on stderr: one line of what is wrong, one of what to do, and what to copy. A bug of ours shows its stack. */
export function failureText(failure: Failure): string {
  const lines = [`error: ${oneLine(failure.message)}`];
  if (failure.hint !== undefined) lines.push(`hint: ${oneLine(failure.hint)}`);
  if (failure.remedy !== undefined) lines.push(failure.remedy.trimEnd());
  if (failure.code === 'bug' && failure.cause instanceof Error && failure.cause.stack !== undefined) {
    lines.push('this is a bug of kubectl netmachinery; please report it with these lines:', failure.cause.stack);
  }
  return `${lines.join('\n')}\n`;
}
