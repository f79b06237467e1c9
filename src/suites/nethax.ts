// SPDX-License-Identifier: Apache-2.0
import { checkSelectorText } from '../manifests/selector-text.js';
import { Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import { isDnsLabel } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import { readNethaxTest } from './nethax-test.js';
import { describe } from './pods-by-label.js';
import { withUniqueNames } from './seed-suite.js';
import { nameOfFile } from './name-of-file.js';
import type { PodsByLabel, Suite, SuiteTest } from './suite.js';

/** A test plan of nethax (grafana/nethax, cmd/nethax/testplan.go): tests from the pods of each target. */
export function readNethax(object: Fields, file: string, warnings: string[]): Suite {
  const plan = object.child('testPlan');
  object.end();
  const name = plan?.text('name');
  plan?.text('description');
  const targets = plan?.list('testTargets');
  plan?.end();
  if (targets?.length === 0) plan?.at('testTargets').wrong('at least one is needed');
  if (plan?.has('testTargets') === false) plan.at('testTargets').wrong('is needed');
  const tests = (targets ?? []).flatMap(({ value, place }) => {
    const fields = Fields.of(value, place);
    return fields === undefined ? [] : readTarget(fields, warnings);
  });
  return { name: name ?? nameOfFile(file), file, format: 'nethax plan', tests: withUniqueNames(tests) };
}

function readTarget(fields: Fields, warnings: string[]): SuiteTest[] {
  const name = fields.text('name') ?? '';
  const namespace = fields.text('namespace') ?? '';
  if (namespace !== '' && !isDnsLabel(namespace)) {
    fields.at('namespace').wrong(`${quote(namespace)} can not be a namespace`);
  }
  const selection = readSelection(fields, namespace);
  const items = fields.list('tests');
  if (items?.length === 0) fields.at('tests').wrong('at least one is needed');
  if (!fields.has('tests')) fields.at('tests').wrong('is needed');
  fields.end();
  return (items ?? []).flatMap(({ value, place }) => {
    const test = Fields.of(value, place);
    if (test === undefined) return [];
    const read = readNethaxTest(test, warnings);
    if (read === undefined || selection === undefined) return [];
    const prefix = name === '' ? '' : `${name}: `;
    return [{ ...read, name: `${prefix}${read.name}`, sources: [selection.pods], mode: selection.mode }];
  });
}

/** `podSelector` with its mode; plans of before it had one are a text, with the mode beside it in `podSelection`. */
function readSelection(fields: Fields, namespace: string): { pods: PodsByLabel; mode: 'all' | 'random' } | undefined {
  const value = fields.raw('podSelector');
  const beside = fields.child('podSelection');
  if (value === undefined) fields.at('podSelector').wrong('is needed');
  if (value === undefined || value === noted) return undefined;
  const selector = typeof value === 'string' ? undefined : fields.child('podSelector');
  if (typeof value !== 'string' && selector === undefined) return undefined;
  const labels = typeof value === 'string' ? value : (selector?.text('labels') ?? '');
  const fieldSelector = selector?.text('fields') ?? '';
  const holder = selector ?? beside;
  const written = holder?.text('mode');
  const mode = written?.trim().toLowerCase();
  selector?.end();
  beside?.end();
  const labelPlace = selector === undefined ? fields.at('podSelector') : selector.at('labels');
  if (labels !== '') labelPlace.attempt(() => checkSelectorText(labels));
  if (mode !== 'all' && mode !== 'random') {
    const place = holder?.at('mode') ?? fields.at('podSelection');
    place.wrong(written === undefined ? 'is needed' : `${quote(written)} is not known here`, 'allowed are all, random');
    return undefined;
  }
  const text = [
    describe(labels, namespace === '' ? undefined : [namespace], namespace === '' ? '' : undefined),
    fieldSelector,
  ].filter((part) => part !== '');
  return {
    mode,
    pods: {
      kind: 'pods',
      text: text.join(' and '),
      selector: labels,
      ...(fieldSelector === '' ? {} : { fieldSelector }),
      // Without a namespace nethax looks into all of them.
      ...(namespace === '' ? { namespaceSelector: '' } : { namespaces: [namespace] }),
    },
  };
}
