// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { quote } from '../targets/quote.js';
import type { Suite, SuiteTest } from './suite.js';

/** Which tests of the files are made. */
export interface TestSelection {
  /** Regular expressions of names, `SUITE/TEST` or `TEST`; with `!` before it, those that match are left out. */
  test: readonly string[];
  /** Tags: tests that have one of them; none given: all tests. */
  include: readonly string[];
  /** Tags: tests that have one of them are left out. */
  exclude: readonly string[];
}

/** How many names a message has. */
const shownNames = 10;

/**
 * The suites with the tests that are wanted, without those that have none left. Throws Failure `usage` for what is no
 * regular expression, and where nothing is left, naming what there is.
 */
export function selectTests(suites: readonly Suite[], selection: TestSelection): Suite[] {
  const wanted = selection.test.filter((text) => !text.startsWith('!')).map(pattern);
  const unwanted = selection.test.filter((text) => text.startsWith('!')).map((text) => pattern(text.slice(1)));
  const isWanted = (suite: Suite, test: SuiteTest) => {
    const matches = (one: RegExp) => one.test(test.name) || one.test(`${suite.name}/${test.name}`);
    const hasTag = (tag: string) => test.tags.includes(tag);
    return (
      (wanted.length === 0 || wanted.some(matches)) &&
      !unwanted.some(matches) &&
      (selection.include.length === 0 || selection.include.some(hasTag)) &&
      !selection.exclude.some(hasTag)
    );
  };
  const selected = suites.flatMap((suite) => {
    const tests = suite.tests.filter((test) => isWanted(suite, test));
    return tests.length === 0 ? [] : [{ ...suite, tests }];
  });
  if (selected.length === 0) throw nothingLeft(suites, selection);
  return selected;
}

function pattern(text: string): RegExp {
  if (text === '') {
    throw new Failure('usage', '--test has no pattern, and every name would match', {
      hint: "write --test REGEX, or --test '!REGEX'",
    });
  }
  try {
    return new RegExp(text, 'u');
  } catch (thrown) {
    throw new Failure('usage', `${quote(text)} of --test is no regular expression`, {
      hint: thrown instanceof Error ? thrown.message : undefined,
      cause: thrown,
    });
  }
}

function nothingLeft(suites: readonly Suite[], { test, include, exclude }: TestSelection): Failure {
  const given = [
    ...test.map((text) => `--test ${quote(text)}`),
    ...(include.length === 0 ? [] : [`--include ${include.join(',')}`]),
    ...(exclude.length === 0 ? [] : [`--exclude ${exclude.join(',')}`]),
  ];
  const tests = suites.flatMap((suite) => suite.tests);
  const tags = [...new Set(tests.flatMap((one) => one.tags))].sort();
  const names = tests.slice(0, shownNames).map(({ name }) => quote(name));
  const more = tests.length > shownNames ? ` and ${tests.length - shownNames} more` : '';
  return new Failure('usage', `no test is left by ${given.join(' ')}`, {
    hint: `there are ${names.join(', ')}${more}; ${tags.length === 0 ? 'none has tags' : `tags are ${tags.join(', ')}`}`,
  });
}
