// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../src/errors/failure.js';
import { readShapeManifests } from '../../../../src/shaping/manifests/read-manifests.js';
import { examples, exampleText, podTarget, read, shaper, withoutPosition, wrongs } from './manifests.js';

const one = shaper(podTarget('loss', '1%'));

describe('documents', () => {
  test.each([
    ['YAML', one, 1],
    ['several, with empty ones', `---\n---\n${one}---\n${one}---\n`, 2],
    ['JSON', JSON.stringify(load(one)), 1],
    ['a byte order mark', `\uFEFF${one}`, 1],
    ['a list', dump({ apiVersion: 'v1', kind: 'List', metadata: {}, items: [load(one), load(one)] }), 2],
    [
      'a flow mapping',
      one
        .replace('\nkind', ', kind')
        .replace(/^/, '{')
        .replace(
          /\nspec[^]*/,
          ', spec: {targets: [{kind: pod, namespace: a, name: b, configuration: {type: loss, value: 1%, device: eth0}}]}}',
        ),
      1,
    ],
  ])('%s', (_, text, count) => {
    expect(read(text).targets).toHaveLength(count);
  });

  test('a date is a text', () => {
    expect(read(one.replace('1%', '1%').replace('name: ledger-0', 'name: 2026-11-21')).targets[0]?.source.text).toBe(
      'bank/pod/2026-11-21',
    );
  });

  test('files come one after the other', () => {
    const targets = readShapeManifests([
      { name: 'b.yaml', text: one },
      { name: 'a.json', text: JSON.stringify(load(one)) },
    ]).targets;
    expect(targets.map(({ where }) => withoutPosition(where))).toEqual([
      'b.yaml: spec.targets[0]',
      'a.json: spec.targets[0]',
    ]);
  });
});

describe('refused', () => {
  test.each([
    ['a: [', /^f\.yaml: neither YAML nor JSON: /],
    ['{"a": ', /^f\.yaml: neither YAML nor JSON: /],
    ['a: 1\na: 2', /this key is there twice/],
    ['', /^f\.yaml: has no manifest in it$/],
    ['# nothing', /^f\.yaml: has no manifest in it$/],
    ['- a', /^f\.yaml: an object is needed here, not a list$/],
    ['apiVersion: v1', /^f\.yaml: kind: is needed$/],
    [
      'apiVersion: apps/v1\nkind: Deployment',
      /"Deployment" is not taken \(taken are NetworkTrafficShaper \(networkmachinery\.io\/v1alpha1\) and NetworkChaos \(chaos-mesh\.org\/v1alpha1\)\)/,
    ],
    [
      'apiVersion: pingcap.com/v1alpha1\nkind: NetworkChaos',
      /"pingcap\.com\/v1alpha1" of NetworkChaos is not taken \(write/,
    ],
    ['apiVersion: chaos-mesh.org/v1alpha1\nkind: NetworkChaos', /spec: is needed/],
    [one.replace('spec:', 'specs:'), /f\.yaml: unknown field "specs" \(did you mean spec\?\)/],
    [`${one}extra: true`, /unknown field "extra"/],
    ['&a\nkind: List\nitems: [*a]', /stands within itself/],
    ['kind: List\nitems: [5]', /items\[0\]: an object is needed here, not the number 5/],
    ['kind: List\nitems: [{kind: List, items: []}]', /items\[0\]: a list within a list is not taken/],
    ['kind: !!binary aGk=\napiVersion: v1', /f\.yaml: a tag that is not taken/],
  ])('%j', (text, expected) => {
    const lines = wrongs(() => read(text));
    expect(lines.join('\n')).toMatch(expected);
  });

  test('everything in all files', () => {
    const lines = wrongs(() =>
      readShapeManifests([
        { name: 'a.yaml', text: 'a: [' },
        { name: 'b.yaml', text: `${one}---\n${shaper(podTarget('loss', 'x'))}` },
        { name: 'c.yaml', text: shaper(podTarget('los', '1%')) },
      ]),
    );
    expect(lines.map((line) => line.split(': ')[0])).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
  });

  test('with line and column', () => {
    const text = `${one}---\nkind: NetworkTrafficShaper\napiVersion: networkmachinery.io/v1alpha1\nspec: {target: []}`;
    const failure = (() => {
      try {
        return read(text);
      } catch (thrown) {
        return thrown as Failure;
      }
    })();
    expect((failure as Failure).remedy?.split('\n')).toEqual([
      'f.yaml:15:1: spec.targets: at least one target is needed',
      'f.yaml:15:8: spec: unknown field "target" (did you mean targets?)',
    ]);
  });

  test('nothing drives the terminal', () => {
    const lines = wrongs(() => read(dump({ apiVersion: 'v1', kind: '\u001b[31mred', '\u202e\nx': 1 })));
    expect(lines.join('')).not.toMatch(/\p{C}/u);
  });
});

/** Any value in place of any part of the examples. */
const values = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, [], {}, [[]], 'all', '100ms', '5%', '-1', '__proto__', '\u0000', '1e999'),
  fc.jsonValue({ maxDepth: 2 }),
);

function mutate(value: unknown, choose: () => number, replacement: unknown): unknown {
  if (typeof value !== 'object' || value === null || choose() < 0.15) return replacement;
  const entries = Object.entries(value);
  const index = Math.floor(choose() * entries.length);
  const changed = entries.map(([key, child], place): [string, unknown] =>
    place === index ? [choose() < 0.1 ? `${key}x` : key, mutate(child, choose, replacement)] : [key, child],
  );
  return Array.isArray(value) ? changed.map(([, child]) => child) : Object.fromEntries(changed);
}

function expectFailureOrTargets(act: () => { targets: unknown[] }): void {
  try {
    expect(act().targets.length).toBeGreaterThan(0);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Failure);
    const { code, message, hint = '', remedy = '' } = thrown as Failure;
    expect(code).toBe('usage');
    expect(`${message}${hint}${remedy.replaceAll('\n', '')}`).not.toMatch(/\p{C}/u);
  }
}

describe('whatever a file says, it is taken or refused', () => {
  const documents = examples.flatMap((name) =>
    exampleText(name)
      .split(/^---$/m)
      .map((text) => load(text)),
  );

  test('one part of an example replaced by anything', () => {
    const choices = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(fc.constantFrom(...documents), choices, values, (document, numbers, replacement) => {
        let next = 0;
        const mutated = mutate(document, () => numbers[next++ % numbers.length] ?? 0, replacement);
        expectFailureOrTargets(() => read(dump(mutated, { skipInvalid: true, noRefs: true })));
        expectFailureOrTargets(() => read(JSON.stringify(mutated)));
      }),
      { numRuns: 400 },
    );
  });

  test('an example cut and glued anywhere', () => {
    const text = fc.constantFrom(...examples).map(exampleText);
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), fc.string({ unit: 'binary', maxLength: 10 }), (whole, from, to, glue) => {
        const [start, end] = [from % whole.length, to % whole.length].sort((a, b) => a - b);
        expectFailureOrTargets(() => read(whole.slice(0, start) + glue + whole.slice(end)));
      }),
      { numRuns: 400 },
    );
  });
});
