// SPDX-License-Identifier: Apache-2.0
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it, test } from 'vitest';
import schema from '../../../plugins-manifest/schemas/network-test.v1.json' with { type: 'json' };
import { parseYaml } from '../../../src/manifests/yaml-text.js';
import { brokenFiles } from './broken-files.js';
import { mutated, mutations } from './mutations.js';
import { exampleFiles, networkTest, read, wrongs } from './suites.js';

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
const validate = ajv.compile(schema);

const ours = Object.entries(exampleFiles).filter(([name]) => name.startsWith('network-test/'));
const documents = ours.map(([, text]) => load(text));

/** Whether the reader takes a document, whatever the variables are. */
function isTaken(document: unknown): boolean {
  return wrongs(() => read(JSON.stringify(document))).length === 0;
}

test.each(ours)('examples: %s is taken by the schema, and says which it is', (_, text) => {
  expect(validate(load(text)), JSON.stringify(validate.errors)).toBe(true);
  expect(text.split('\n')[0]).toBe(
    '# yaml-language-server: $schema=../../plugins-manifest/schemas/network-test.v1.json',
  );
});

describe('broken files', () => {
  it.each(
    brokenFiles.filter(({ text }) => text.includes('kind: NetworkTest')).map((file) => [file.name, file] as const),
  )('%s: the schema refuses it, unless only the reader can know', (_, { text, onlyReader }) => {
    const [document] = parseYaml(text).documents;
    const isRefused = document === undefined || !validate(document.value);
    expect(isRefused).toBe(!onlyReader || document === undefined);
  });
});

it('the schema refuses nothing that the reader takes', () => {
  fc.assert(
    fc.property(fc.constantFrom(...documents), mutations, (document, mutation) => {
      const changed = JSON.parse(JSON.stringify(mutated(document, mutation))) as unknown;
      if (isTaken(changed)) expect(validate(changed), JSON.stringify(validate.errors)).toBe(true);
    }),
    { numRuns: 1500 },
  );
});

/** Values of fields with their own grammar: the schema and the reader agree on each. */
it.each<[string, unknown, boolean]>([
  ['retries', 3, true],
  ['retries', '3', true],
  ['retries', -1, false],
  ['retries', 1.5, false],
  ['settle', '1m30s', true],
  ['settle', 0, true],
  ['settle', 2, false],
  ['settle', '2', false],
  ['settle', 'soon', false],
  ['maxLoss', '1.5%', true],
  ['maxLoss', 101, false],
  ['mode', '30%', true],
  ['mode', 'some', false],
  ['ipFamilies', 'both', true],
  ['ipFamilies', 'ipv5', false],
  ['tags', ['a', 'b'], true],
  ['tags', {}, false],
  ['expect', { rttMs: { avg: ['> 1', '<= 5'] } }, true],
  ['expect', {}, false],
  ['expect', { rttMs: 5 }, false],
  ['expect', { rttMs: { mean: 5 } }, false],
  ['expect', { 'rttMs.max': 5 }, true],
  ['probe', { connect: {}, ping: {} }, false],
  ['probe', { connect: { attempt: 1 } }, false],
  ['probe', { connect: { attempts: 101 } }, false],
  ['probe', { connect: null }, true],
  ['control', 'deploy/x', false],
  ['namespace', 'Shop', false],
  ['while', { shape: { delay: '10ms' } }, true],
  ['while', { shape: {} }, false],
  ['while', {}, false],
  ['whilst', {}, false],
])('%s: %j', (field, value, taken) => {
  const test = { name: 'one', from: 'deploy/web', to: 'svc/api:80', [field]: value };
  const text = networkTest({ tests: [test] });
  const schemaTakes = validate(load(text));
  // A control is wrong only beside an expectation, which the schema does not look at.
  if (field !== 'control') expect(schemaTakes).toBe(taken);
  expect(wrongs(() => read(text)).length === 0).toBe(taken);
});
