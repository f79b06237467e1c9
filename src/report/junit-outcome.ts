// SPDX-License-Identifier: Apache-2.0
import junitModule, { type Builder, type TestCase } from 'junit-report-builder';
import type { Verdict } from '../model/verdict.js';
import { plainText } from './plain-text.js';

/** The library exports the builder itself (CommonJS); its types say that it is the default of a module. */
const junit = junitModule as unknown as Builder;

/** A file of test suites, empty as yet. */
export function newJunit(): Builder {
  return junit.newBuilder().name('kubectl netmachinery');
}

/** The library writes `<skipped/>` without saying why. */
export function skip(testCase: TestCase, message: string): void {
  testCase.skipped();
  const build = testCase.build.bind(testCase);
  testCase.build = (parent) => {
    const element = build(parent);
    for (const child of element.children)
      if ('name' in child && child.name === 'skipped') child.att('message', message);
    return element;
  };
}

/** What a test case says of its verdict: one line, a word of a closed list, and lines of more. */
export interface Outcome {
  verdict: Verdict;
  message: string;
  reason: string;
}

/** JUnit's words for a verdict: what could not be concluded is an error, what cannot be tested here is skipped. */
export function addOutcome(testCase: TestCase, outcome: Outcome, lines: readonly string[], ignored: boolean): void {
  const { verdict, reason } = outcome;
  const message = plainText(outcome.message) || reason;
  // The end of a CDATA section, even where it is written in two as it has to be, is too much for some readers.
  const body = `${lines.join('\n').replaceAll(']]>', ']] >')}\n`;
  if (verdict === 'fail') testCase.failure(message, reason).stacktrace(body);
  else if (verdict === 'unsupported' || (verdict !== 'pass' && ignored)) skip(testCase, `${verdict}: ${message}`);
  else if (verdict !== 'pass') testCase.error(`${verdict}: ${message}`, reason, body);
}
