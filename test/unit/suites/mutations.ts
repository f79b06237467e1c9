// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';

/** Where something is changed, and what it becomes. */
interface Mutation {
  choices: number[];
  replacement: unknown;
  rename: string | undefined;
}

/** Any value in place of any part of a document, or another name of a field. */
export const mutations: fc.Arbitrary<Mutation> = fc.record({
  choices: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 20, maxLength: 20 }),
  replacement: fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(
      null,
      [],
      {},
      [[]],
      'all',
      '100ms',
      '5%',
      '-1',
      '__proto__',
      '\u0000',
      '${port}',
      '$${',
      '${',
      0,
      1,
      80,
      'ping',
      'deny',
      'deploy/x',
      'x:80',
      ['a'],
      { selector: {} },
      'connect',
      { ping: { count: 30 } },
      '< 5',
      'app=web',
      'true',
    ),
    fc.jsonValue({ maxDepth: 2 }),
  ),
  rename: fc.constantFrom(undefined, undefined, undefined, undefined, 'x', 'name', 'ports', 'expect', '<<', 'a b'),
});

/** A document with one part changed; the others are those of the original. */
export function mutated(document: unknown, { choices, replacement, rename }: Mutation): unknown {
  let next = 0;
  const choose = () => choices[next++ % choices.length] ?? 0;
  const change = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || choose() < 0.15) return replacement;
    const entries = Object.entries(value);
    const index = Math.floor(choose() * entries.length);
    const changed = entries.map(([key, child], place): [string, unknown] => {
      if (place !== index) return [key, child];
      return rename === undefined || Array.isArray(value) ? [key, change(child)] : [rename, child];
    });
    return Array.isArray(value) ? changed.map(([, child]) => child) : Object.fromEntries(changed);
  };
  return change(document);
}
