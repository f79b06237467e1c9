// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../model/report.js';
import { describeShape } from './describe-shape.js';
import type { Suite, SuiteTest } from './suite.js';

/** A result in the words of its suite. */
export function resultOfSuite(result: Result, { suite, test }: { suite: Suite; test: SuiteTest }): Result {
  const { name, tags } = test;
  return {
    ...result,
    suite: suite.name,
    test: name,
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    ...(test.while === undefined ? {} : { shape: describeShape(test.while) }),
  };
}
