// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { parseSet } from '../../../src/commands/suite-files.js';

it('--set takes everything behind the first =', () => {
  expect(parseSet(['a=1', 'b=x=y', 'c='])).toEqual({ a: '1', b: 'x=y', c: '' });
});

it.each([['port'], ['=80'], ['']])('--set %j is refused', (word) => {
  expect(() => parseSet([word])).toThrow('for --set');
});

it('a variable is set once', () => {
  expect(() => parseSet(['a=1', 'a=2'])).toThrow('--set a is given twice');
});
