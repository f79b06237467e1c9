// SPDX-License-Identifier: Apache-2.0
import type { Fields } from '../manifests/fields.js';
import type { Place } from '../manifests/place.js';
import type { SourceMode } from '../targets/source-choice.js';
import { readDuration } from './scalars.js';
import { nameOfFile } from './name-of-file.js';
import type { SuiteProbe } from './suite-probe.js';
import type { Suite, SuiteDestination, SuiteFormat, SuiteSource, SuiteTest } from './suite.js';

export const seedVersion = 'networkmachinery.io/v1alpha1';

/** The frame of both tests of networkmachinery: `metadata` but its name and `status` are ignored. */
export function readSeedObject(
  object: Fields,
  file: string,
  format: SuiteFormat,
  readTests: (spec: Fields) => SuiteTest[],
): Suite | undefined {
  object.raw('apiVersion');
  object.raw('kind');
  object.raw('status');
  const name = object.child('metadata')?.raw('name');
  const spec = object.child('spec');
  if (!object.has('spec')) object.at('spec').wrong('is needed');
  object.end();
  if (spec === undefined) return undefined;
  const periodMs = readDuration(spec, 'frequency', 1000);
  const tests = readTests(spec);
  spec.end();
  return {
    name: typeof name === 'string' && name !== '' ? name : nameOfFile(file),
    file,
    format,
    tests,
    ...(periodMs === undefined ? {} : { periodMs }),
  };
}

/** One test of one destination, as the custom resources have them: everything else is the verbs' default. */
export function seedTest(parts: {
  name: string;
  place: Place;
  from: { source: SuiteSource; mode: SourceMode };
  destination: SuiteDestination;
  probe: SuiteProbe;
}): SuiteTest {
  const { name, place, from, destination, probe } = parts;
  return {
    name,
    place: place.where,
    tags: [],
    sources: [from.source],
    destinations: [destination],
    probe,
    expect: 'allow',
    conditions: [],
    control: { from: 'otherSources' },
    mode: from.mode,
    maxLossPercent: 0,
    retries: 0,
    retryDelayMs: 3000,
    settleMs: 0,
  };
}

/** Names by which tests can be told apart, where two are of the same. */
export function withUniqueNames<T extends { name: string }>(tests: readonly T[]): T[] {
  const counts = new Map<string, number>();
  return tests.map((test) => {
    const count = (counts.get(test.name) ?? 0) + 1;
    counts.set(test.name, count);
    return count === 1 ? test : { ...test, name: `${test.name} (${count})` };
  });
}
