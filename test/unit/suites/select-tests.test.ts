// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { selectTests, type TestSelection } from '../../../src/suites/select-tests.js';
import { networkTest, read, wrongs } from './suites.js';

const named = (names: Record<string, string[]>) => ({
  tests: Object.entries(names).map(([name, tags]) => ({ name, tags, from: 'web', to: 'api' })),
});
const { suites } = read(
  [
    networkTest(named({ 'web to db': ['smoke', 'db'], 'web to api': [] }), { name: 'shop' }),
    networkTest(named({ 'db to web': ['db'] }), { name: 'bank' }),
  ].join('---\n'),
);
const select = (selection: Partial<TestSelection>) =>
  selectTests(suites, { test: [], include: [], exclude: [], ...selection }).flatMap(({ name, tests }) =>
    tests.map((test) => `${name}/${test.name}`),
  );

describe('tests are chosen', () => {
  it.each<[Partial<TestSelection>, string[]]>([
    [{}, ['shop/web to db', 'shop/web to api', 'bank/db to web']],
    [{ test: ['^web'] }, ['shop/web to db', 'shop/web to api']],
    [{ test: ['^bank/', 'api$'] }, ['shop/web to api', 'bank/db to web']],
    [{ test: ['!db'] }, ['shop/web to api']],
    [{ test: ['web', '!^shop/'] }, ['bank/db to web']],
    [{ include: ['smoke', 'none'] }, ['shop/web to db']],
    [{ include: ['db'], exclude: ['smoke'] }, ['bank/db to web']],
    [{ exclude: ['db'] }, ['shop/web to api']],
  ])('%j', (selection, expected) => {
    expect(select(selection)).toEqual(expected);
  });
});

describe('refused', () => {
  it.each(['', '!'])('the pattern %j, which matches every name', (pattern) => {
    expect(wrongs(() => select({ test: [pattern] }))).toEqual([
      "--test has no pattern, and every name would match (write --test REGEX, or --test '!REGEX')",
    ]);
  });

  it('nothing left, with what there is', () => {
    expect(wrongs(() => select({ test: ['x', '!y'], include: ['z'], exclude: ['a', 'b'] }))).toEqual([
      'no test is left by --test "x" --test "!y" --include z --exclude a,b (there are "web to db", "web to api", "db to web"; tags are db, smoke)',
    ]);
  });

  it('what is no regular expression', () => {
    expect(wrongs(() => select({ test: ['!('] }))).toEqual([expect.stringContaining('"(" of --test is no regular')]);
  });
});
