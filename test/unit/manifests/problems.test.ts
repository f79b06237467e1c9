// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { Problems } from '../../../src/manifests/problems.js';

test('problems are told by file, line and column as numbers, however they were found', () => {
  const problems = new Problems();
  for (const where of ['v.yaml:10:7: b', 'w.yaml:1:1', 'v.yaml:9:12', 'v.yaml:9:7: a:1:1', 'v.yaml:100:1']) {
    problems.addFailure(where, new Failure('notFound', 'no pod'));
  }
  problems.add('--set x: no file declares this variable');
  const failure = (() => {
    try {
      problems.throwIfAny();
    } catch (thrown) {
      return thrown as Failure;
    }
    return undefined;
  })();
  expect(failure?.remedy?.split('\n')).toEqual([
    'v.yaml:9:7: a:1:1: no pod',
    'v.yaml:9:12: no pod',
    'v.yaml:10:7: b: no pod',
    'v.yaml:100:1: no pod',
    'w.yaml:1:1: no pod',
    '--set x: no file declares this variable',
  ]);
});

test('files are told in the order in which they were begun', () => {
  const problems = new Problems();
  for (const name of ['w.yaml', 'v.yaml']) problems.begin(name);
  for (const line of ['v.yaml:1:1: a', 'w.yaml:2:1: b']) problems.add(line);
  expect(() => {
    problems.throwIfAny();
  }).toThrow(expect.objectContaining({ remedy: 'w.yaml:2:1: b\nv.yaml:1:1: a' }));
});
