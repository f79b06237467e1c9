// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noted } from '../../../src/manifests/noted.js';
import { parseYaml } from '../../../src/manifests/yaml-text.js';

const values = (text: string) => parseYaml(text).documents.map(({ value }) => value);
const faults = (text: string) =>
  parseYaml(text).faults.map(({ line, column, text: what }) => `${line}:${column}: ${what}`);

describe('values', () => {
  test.each([
    [
      'scalars of JSON',
      'a: [1, 0x10, 1e3, true, null, ~, 2026-11-21, yes, 1_000]',
      [{ a: [1, 16, 1000, true, null, null, '2026-11-21', 'yes', '1_000'] }],
    ],
    ['documents, empty ones too', '---\n---\na: 1\n---\n', [null, { a: 1 }, null]],
    ['JSON with tabs', '{\n\t"a": [\n\t\t"\\ud83d\\ude00\\/"\n\t]\n}\n', [{ a: ['😀/'] }]],
    [
      'merged keys, own ones are stronger',
      'a: &a {x: 1, y: 1}\nb: {<<: *a, y: 2}',
      [{ a: { x: 1, y: 1 }, b: { x: 1, y: 2 } }],
    ],
    ['keys are texts', '1: a\ntrue: b', [{ 1: 'a', true: 'b' }]],
    ['a version of YAML changes nothing', '%YAML 1.1\n---\na: yes', [{ a: 'yes' }]],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual([]);
    expect(values(text)).toEqual(expected);
  });

  test('a name of JavaScript is one like any other', () => {
    expect(Object.keys(values('__proto__: {a: 1}')[0] as object)).toEqual(['__proto__']);
  });
});

describe('places', () => {
  const text = `# a comment
kind: X
spec:
  tests:
  - name: one
    to: [a,  b]
  - &two
    name: two
  other: *two
  merged:
    <<: *two
    own: 1
---
list: {"x": {
  "y": 1 } }
`;
  test.each([
    [0, [], '2:1'],
    [0, ['spec'], '3:1'],
    [0, ['spec', 'tests', 0], '5:5'],
    [0, ['spec', 'tests', 0, 'to', 1], '6:14'],
    [0, ['spec', 'tests', 0, 'from'], '5:5'],
    [0, ['spec', 'tests', 5], '4:3'],
    [0, ['spec', 'other', 'name'], '8:5'],
    [0, ['spec', 'merged', 'name'], '8:5'],
    [0, ['spec', 'merged', 'own'], '12:5'],
    [1, ['list', 'x', 'y'], '15:3'],
    [1, ['nothing', 'of', 'this'], '14:1'],
  ] as [number, (string | number)[], string][])('document %i, %j', (index, path, expected) => {
    const position = parseYaml(text).documents[index]?.locate(path);
    expect(`${position?.line ?? ''}:${position?.column ?? ''}`).toBe(expected);
  });
});

describe('faults', () => {
  test.each([
    ['a: 1\nb: 2\na: 2\nb: 3', ['3:1: this key is there twice', '4:1: this key is there twice']],
    ['a:\n\tb: 1', ['2:1: a tab cannot indent']],
    ['a:\n  b: 1\n c: 2', ['3:1: indented otherwise than what stands beside it']],
    ['a: b: c', ['1:4: a colon makes a key within this value']],
    ['a: @x', ['1:4: a text cannot begin with @']],
    ['a: [${x}]', ['1:6: a comma is missing in this list']],
    ['a: "x', ['1:6: neither YAML nor JSON: Missing closing "quote']],
    ['{"a": ', ['1:7: neither YAML nor JSON: Flow map must end with a }']],
    ['a: !!binary aGk=', ['1:4: a tag that is not taken']],
    ['? [a]\n: b', ['1:3: a key must be a text']],
    ['a: *b', ['1:4: no anchor "&b" before this alias']],
    ['a: {<<: [1]}', ['1:5: << merges an object or a list of them, and nothing else']],
    ['a: &a [1, *a]', ['1:11: "*a" stands within itself']],
    [
      'a: 1\n---\nb: [',
      ['3:5: neither YAML nor JSON: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
  ])('%j', (text, expected) => {
    expect(faults(text)).toEqual(expected);
  });

  test('a document without faults is kept beside one that has them', () => {
    expect(values('a: 1\n---\nb: [')).toEqual([{ a: 1 }]);
  });

  test.each([
    [
      'of doubled values none is read, and of their aliases nothing is told',
      'a: &x 1\na: &y 2\nb: [*x, *y]',
      { a: noted, b: [noted, noted] },
    ],
    ['of doubled objects the first is read', 'a: {x: 1}\na: {y: 1}', { a: { x: 1 } }],
    ['an alias of nothing', 'a: *b\nc: 1', { a: noted, c: 1 }],
    ['a merge of nothing', 'a: {<<: *b, c: 1}', { a: { '<<': noted, c: 1 } }],
    ['an alias within itself', 'a: &a [1, *a]', { a: [1, noted] }],
    ['nothing but an alias', '*a', noted],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toHaveLength(1);
    expect(values(text)).toEqual([expected]);
  });

  test('few lines that stand for millions of values', () => {
    const bomb = Array.from({ length: 9 }, (_, level) => {
      const before = level === 0 ? 'x' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(9).fill(before).join(', ')}]`;
    });
    expect(faults(bomb.join('\n'))).toEqual(['1:1: its aliases stand for too many values']);
    expect(faults(bomb.slice(0, 4).join('\n'))).toEqual([]);
  });

  test.each(['[', '{a: ', '- ', '? '])('%j over and over', (nesting) => {
    expect(faults(nesting.repeat(20_000))).toEqual([expect.stringContaining('nested deeper than 200 levels')]);
  });
});

test('whatever the text, there are values or faults', () => {
  const pieces = fc.constantFrom(
    'a',
    ': ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '<<: ',
    '---\n',
    '"',
    "'",
    '|\n',
    '\t',
    '#',
    '!',
    '%',
    '\u0000',
    '? ',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces).map((parts) => parts.join('')),
      ),
      (text) => {
        const { documents, faults: found } = parseYaml(text);
        for (const { line, column } of [...found, ...documents.map(({ locate }) => locate(['a', 0]))]) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
