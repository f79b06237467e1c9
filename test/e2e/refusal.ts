// SPDX-License-Identifier: Apache-2.0
import { expect } from 'vitest';
import type { CliResult } from './cli.js';

/** What a run that found out nothing has to say. */
export interface Refusal {
  exitCode: number;
  /** Of the first line, without `error: `. */
  error: string | RegExp;
  /** Of the second line, without `hint: `; undefined where the first line says it all. */
  hint?: string | RegExp | undefined;
}

function matching(expected: string | RegExp): unknown {
  return typeof expected === 'string' ? expect.stringContaining(expected) : expect.stringMatching(expected);
}

/** Fails unless a run wrote one line that says what is wrong, at most one more that says what to do, and nothing else. */
export function expectRefusal(run: CliResult, { exitCode, error, hint }: Refusal): void {
  const [first = '', second, ...more] = run.stderr.trimEnd().split('\n');
  expect(first).toMatch(/^error: \S/);
  expect(first.slice('error: '.length)).toEqual(matching(error));
  if (hint !== undefined) expect(second?.slice('hint: '.length)).toEqual(matching(hint));
  if (second !== undefined) expect(second).toMatch(/^hint: \S/);
  expect(more).toEqual([]);

  expect(run.stderr.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  expect(run.stdout).toBe('');
  expect(run.exitCode).toBe(exitCode);
}
