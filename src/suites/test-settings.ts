// SPDX-License-Identifier: Apache-2.0
import type { Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import { isDnsLabel } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import type { SourceMode } from '../targets/source-choice.js';
import { parseSource } from '../targets/source-grammar.js';
import { readExpectation, type ExpectationChoice } from './read-expectation.js';
import { readProbe, type ProbeChoice } from './read-probe.js';
import { readMode, readWhile } from './read-shape.js';
import { readChoice, readCount, readDuration, readPercent, readWord, readWords } from './scalars.js';
import type { SuiteProbe } from './suite-probe.js';
import type { SuiteControl, SuiteShape } from './suite.js';

/** Everything of a test but its name, sources and destinations; what is absent is the default's. */
export interface TestSettings {
  namespace?: string | undefined;
  tags?: string[] | undefined;
  probe?: ProbeChoice | undefined;
  expect?: ExpectationChoice | undefined;
  control?: SuiteControl | undefined;
  mode?: SourceMode | undefined;
  families?: readonly (4 | 6)[] | undefined;
  maxLossPercent?: number | undefined;
  retries?: number | undefined;
  retryDelayMs?: number | undefined;
  settleMs?: number | undefined;
  while?: SuiteShape | undefined;
}

/** As long as a whole run may last, where nothing else is said: a longer one is a slip that nobody would notice. */
const longestPauseMs = 600_000;

const familiesOf = { ipv4: [4], ipv6: [6], both: [4, 6] } as const;
const tagPattern = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** The settings of a test, of `defaults`, or of a matrix; `isDefault` where a probe may have the parameters of several kinds. */
export function readSettings(fields: Fields, warnings: string[], isDefault: boolean): TestSettings {
  const families = readChoice(fields, 'ipFamilies', ['ipv4', 'ipv6', 'both'] as const);
  return {
    namespace: readNamespace(fields),
    tags: readTags(fields),
    probe: readProbe(fields, isDefault),
    expect: readExpectation(fields),
    control: readControl(fields),
    mode: readMode(fields),
    families: families && familiesOf[families],
    maxLossPercent: readPercent(fields, 'maxLoss'),
    retries: readCount(fields, 'retries', 0, 100),
    retryDelayMs: readDuration(fields, 'retryDelay', 0, longestPauseMs),
    settleMs: readDuration(fields, 'settle', 0, longestPauseMs),
    while: readWhile(fields, warnings),
  };
}

export function readNamespace(fields: Fields): string | undefined {
  const namespace = readWord(fields, 'namespace');
  if (namespace === undefined || isDnsLabel(namespace)) return namespace;
  fields.at('namespace').wrong(`${quote(namespace)} can not be a namespace`);
  return undefined;
}

function readTags(fields: Fields): string[] | undefined {
  const tags = readWords(fields, 'tags');
  for (const tag of tags ?? []) {
    if (tagPattern.test(tag)) continue;
    fields.at('tags').wrong(`${quote(tag)} can not be a tag`, "letters, digits, '-', '_' and '.' are allowed");
  }
  return tags;
}

function readControl(fields: Fields): SuiteControl | undefined {
  if (fields.raw('control') === noted) return undefined;
  const word = readWord(fields, 'control');
  if (word === undefined) return undefined;
  if (word === 'destination' || word === 'none' || word === 'otherSources') return { from: word };
  const spec = fields.at('control').attempt(() => parseSource(word.trim().split(/\s+/)));
  return spec && { from: 'source', spec };
}

/** A test's own settings are stronger; tags add up, and a probe of the same kind keeps the parameters that it does not name. */
export function withDefaults(own: TestSettings, defaults: TestSettings): TestSettings {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as TestSettings;
  return {
    ...defaults,
    ...given,
    tags: [...new Set([...(defaults.tags ?? []), ...(own.tags ?? [])])],
    probe: mergedProbe(own.probe, defaults.probe),
  };
}

function mergedProbe(own: ProbeChoice | undefined, defaults: ProbeChoice | undefined): ProbeChoice | undefined {
  if (own === undefined || defaults === undefined) return own ?? defaults;
  const parameters = new Map(defaults.parameters);
  for (const [kind, values] of own.parameters) {
    parameters.set(kind, { ...parameters.get(kind), ...values } as Partial<SuiteProbe>);
  }
  return {
    kind: own.kind ?? defaults.kind,
    parameters,
    isUnclear: own.isUnclear === true || (own.kind === undefined && defaults.isUnclear === true),
    unknownSamples: new Set([...(own.unknownSamples ?? []), ...(defaults.unknownSamples ?? [])]),
  };
}
