// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure, type FailureCode } from '../errors/failure.js';
import type { Position } from './positions.js';

/** Names of files and fields are other people's: nothing in them gets to drive a terminal or to begin a line. */
function printable(line: string): string {
  return line.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}

/** A position in one of the texts. */
export interface TextPosition extends Position {
  name: string;
}

/** The position that a line begins with (`v.yaml:10:7: web`), if it does. */
function positionOf(line: string): TextPosition | undefined {
  const [, name, lineNumber, column] = /^(.+?):(\d+):(\d+)(?:: |$)/s.exec(line) ?? [];
  return name === undefined ? undefined : { name, line: Number(lineNumber), column: Number(column) };
}

interface Problem {
  code: FailureCode;
  line: string;
  hint: string | undefined;
  cause: unknown;
  at: TextPosition | undefined;
}

/** Everything that is wrong with a set of manifests, so that the user learns of all of it at once. */
export class Problems {
  private readonly found: Problem[] = [];
  private readonly names: string[] = [];

  /** Texts are told of in the order in which they are begun. */
  begin(name: string): void {
    this.names.push(name);
  }

  get count(): number {
    return this.found.length;
  }

  /** `line` begins with where it is. */
  add(line: string, hint?: string, at = positionOf(line)): void {
    this.found.push({ code: 'usage', line: printable(line), hint: hint && printable(hint), cause: undefined, at });
  }

  /** A Failure of one place. Anything else is a bug or not about the manifests, and is thrown on. */
  addFailure(where: string, thrown: unknown, at = positionOf(where)): void {
    const failure = asFailure(thrown);
    if (failure.code !== 'usage' && failure.code !== 'notFound') throw failure;
    this.found.push({
      code: failure.code,
      line: printable(`${where}: ${failure.message}`),
      hint: failure.hint && printable(failure.hint),
      cause: failure.cause,
      at,
    });
  }

  /** Throws one Failure for all of them, as they follow each other in the texts: itself where there is one, else the lines below a count. */
  throwIfAny(): void {
    // What several tests have by default is wrong for each of them, and is told once.
    const different = new Map(this.found.map((problem) => [problem.line, problem]));
    const sorted = [...different.values()].sort((left, right) => this.compare(left.at, right.at));
    const [first] = sorted;
    if (first === undefined) return;
    if (sorted.length === 1) throw new Failure(first.code, first.line, { hint: first.hint, cause: first.cause });
    const lines = sorted.map(({ line, hint }) => (hint === undefined ? line : `${line} (${hint})`));
    throw new Failure(first.code, `${sorted.length} things are wrong with the manifests`, {
      remedy: lines.join('\n'),
    });
  }

  /** As numbers: line 9 is before line 10. What has no position comes last, in the order in which it was found. */
  private compare(left: TextPosition | undefined, right: TextPosition | undefined): number {
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    const byName = this.names.indexOf(left.name) - this.names.indexOf(right.name);
    // Of texts that were begun elsewhere only the names are known.
    const byText = left.name === right.name ? 0 : left.name < right.name ? -1 : 1;
    return byName || byText || left.line - right.line || left.column - right.column;
  }
}
