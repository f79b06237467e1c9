// SPDX-License-Identifier: Apache-2.0
import { Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import type { Located } from '../manifests/place.js';
import { isDnsSubdomain } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import { buildTest, isProbeCertain, probeOf } from './build-test.js';
import { readMatrix } from './matrix.js';
import { namesPorts, readDestinations } from './read-destination.js';
import { locatedItems, readSources } from './read-source.js';
import { readDuration, readWord } from './scalars.js';
import { nameOfFile } from './name-of-file.js';
import type { Suite, SuiteTest } from './suite.js';
import { readNamespace, readSettings, withDefaults, type TestSettings } from './test-settings.js';
import { readVariables, substituted, type Variables, type VariableSources } from './variables.js';

export const networkTestVersion = 'netmachinery.io/v1';

/** A NetworkTest, our own format (docs/suites.md). What is wrong is noted; `variables` are those that it declares. */
export function readNetworkTest(
  { value, place }: Located,
  sources: VariableSources,
  file: string,
  warnings: string[],
): { suite: Suite | undefined; variables: Variables } {
  const root = value as Readonly<Record<string, unknown>>;
  const { spec } = root;
  const isObject = typeof spec === 'object' && spec !== null && !Array.isArray(spec);
  const written = isObject ? Fields.of(spec, place.at('spec'))?.raw('variables') : spec;
  const declared = isObject && written !== undefined ? Fields.of(written, place.at('spec').at('variables')) : undefined;
  const known = readVariables(declared, sources);
  const isNoted = (name: string) => written === noted || declared?.raw(name) === noted;
  const variables = { known, isNoted };
  // The variables themselves are read as they are written.
  const withoutVariables = declared === undefined ? root : { ...root, spec: { ...(spec as object), variables: {} } };
  const fields = Fields.of(substituted(withoutVariables, place, variables), place);
  return { suite: fields && readObject(fields, file, warnings), variables: known };
}

function readObject(object: Fields, file: string, warnings: string[]): Suite | undefined {
  object.raw('apiVersion');
  object.raw('kind');
  const metadata = object.child('metadata');
  const name = metadata && readName(metadata);
  const namespace = metadata && readNamespace(metadata);
  for (const ignored of ['labels', 'annotations']) metadata?.raw(ignored);
  metadata?.end();
  const spec = object.child('spec');
  if (!object.has('spec')) object.at('spec').wrong('is needed');
  object.end();
  if (spec === undefined) return undefined;
  spec.raw('variables');
  readWord(spec, 'description');
  const periodMs = readDuration(spec, 'frequency', 1000);
  const defaults = readDefaults(spec, namespace, warnings);
  const tests = [...readTests(spec, defaults, warnings), ...readMatrixOf(spec, defaults, warnings)];
  spec.end();
  if (!spec.has('tests') && !spec.has('matrix')) spec.place.wrong('has no tests', 'write tests, a matrix or both');
  return {
    name: name ?? nameOfFile(file),
    file,
    format: 'NetworkTest',
    tests,
    ...(periodMs === undefined ? {} : { periodMs }),
  };
}

function readName(metadata: Fields): string | undefined {
  const name = readWord(metadata, 'name');
  if (name === undefined || isDnsSubdomain(name)) return name;
  metadata.at('name').wrong(`${quote(name)} can not be a name`, "lower-case letters, digits, '-' and '.' are allowed");
  return undefined;
}

function readDefaults(spec: Fields, namespace: string | undefined, warnings: string[]): TestSettings {
  const fields = spec.child('defaults');
  if (fields === undefined) return { namespace };
  const settings = readSettings(fields, warnings, true);
  for (const name of ['name', 'from', 'to']) {
    if (fields.says(name)) fields.at(name).wrong('every test has its own', 'leave it out');
  }
  fields.end();
  return { ...settings, namespace: settings.namespace ?? namespace };
}

function readMatrixOf(spec: Fields, defaults: TestSettings, warnings: string[]): SuiteTest[] {
  const matrix = spec.child('matrix');
  return matrix === undefined ? [] : readMatrix(matrix, defaults, warnings);
}

function readTests(spec: Fields, defaults: TestSettings, warnings: string[]): SuiteTest[] {
  const items = spec.list('tests');
  if (items?.length === 0) spec.at('tests').wrong('is empty', 'at least one test is needed');
  return (items ?? []).flatMap(({ value, place }) => {
    const fields = Fields.of(value, place);
    return fields === undefined ? [] : readTest(fields, defaults, warnings);
  });
}

function readTest(fields: Fields, defaults: TestSettings, warnings: string[]): SuiteTest[] {
  const name = readTestName(fields);
  readWord(fields, 'description');
  const own = readSettings(fields, warnings, false);
  const settings = withDefaults(own, defaults);
  // Nothing is known of what an expectation would be that could not be read.
  const isExpectWrong = fields.has('expect') && own.expect === undefined;
  if (isExpectWrong) settings.expect = undefined;
  for (const needed of ['name', 'from', 'to']) if (!fields.has(needed)) fields.at(needed).wrong('is needed');
  const sources = readSources(fields, 'from');
  const ports = locatedItems(fields, 'to').map(namesPorts);
  if (
    settings.probe?.kind === undefined &&
    !settings.probe?.isUnclear &&
    ports.includes(true) &&
    ports.includes(false)
  ) {
    fields.at('to').wrong('some have a port and some have none', 'make two tests, or write probe: connect');
  }
  const probe = probeOf(settings, ports.includes(true));
  const isCertain = isProbeCertain(settings, ports);
  const destinations = readDestinations(fields, 'to', isCertain ? probe : undefined);
  fields.end();
  const hasOwnControl = fields.says('control') && !isExpectWrong;
  const parts = {
    place: fields.place,
    sources,
    destinations,
    probe,
    isProbeCertain: isCertain,
    settings,
    hasOwnControl,
  };
  return name === undefined ? [] : [buildTest({ name, ...parts })];
}

/** A line that people read and `--test` looks for. */
function readTestName(fields: Fields): string | undefined {
  const name = readWord(fields, 'name');
  if (name === undefined || (name.length <= 200 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name))) return name;
  fields.at('name').wrong('a name is one line of at most 200 characters');
  return undefined;
}
