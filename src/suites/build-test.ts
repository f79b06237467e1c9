// SPDX-License-Identifier: Apache-2.0
import type { Place } from '../manifests/place.js';
import { parsePeer } from '../shaping/parse-peer.js';
import { refuseUnfitConditions } from './condition-fit.js';
import type { ProbeKind, SuiteProbe } from './suite-probe.js';
import type { SuiteControl, SuiteDestination, SuiteShape, SuiteSource, SuiteTest } from './suite.js';
import type { TestSettings } from './test-settings.js';

/** The probe of a test: the kind that its settings choose, else `connect` where destinations have ports and `ping` where not. */
export function probeOf(settings: TestSettings, hasPorts: boolean): SuiteProbe {
  const kind: ProbeKind = settings.probe?.kind ?? (hasPorts ? 'connect' : 'ping');
  const parameters = settings.probe?.parameters.get(kind) ?? {};
  const names = kind === 'dns' ? { names: [] } : {};
  return { ...names, ...parameters, kind } as SuiteProbe;
}

/**
 * Whether `probeOf` chooses for certain: not where something is wrong with the probe, or with the destinations that it would
 * be chosen by. `hasPorts` is that of each, undefined where it is not known.
 */
export function isProbeCertain({ probe }: TestSettings, hasPorts: readonly (boolean | undefined)[]): boolean {
  if (probe?.isUnclear === true) return false;
  return probe?.kind !== undefined || (hasPorts.length > 0 && !hasPorts.includes(undefined));
}

interface Parts {
  name: string;
  place: Place;
  sources: SuiteSource[];
  destinations: SuiteDestination[];
  probe: SuiteProbe;
  /** Otherwise nothing is said of what does not go with it. */
  isProbeCertain: boolean;
  /** With the defaults in them. */
  settings: TestSettings;
  /** Whether `control` was written for this test, and not for all. */
  hasOwnControl: boolean;
}

/** A test out of what was read of it. What contradicts is noted. */
export function buildTest(parts: Parts): SuiteTest {
  const { name, place, sources, destinations, probe, settings, hasOwnControl } = parts;
  const { expect = { verdict: 'allow', conditions: [] } } = settings;
  const isDenied = expect.verdict === 'deny';
  if (hasOwnControl && !isDenied) {
    place.at('control').wrong('is of use with expect: deny only', 'leave it out, or write expect: deny');
  }
  if (parts.isProbeCertain) {
    const areSamplesKnown = settings.probe?.unknownSamples?.has(probe.kind) !== true;
    refuseUnfitConditions(expect.conditions, probe, areSamplesKnown);
  }
  const judgesLoss = expect.conditions.some(({ condition }) => condition.figure === 'lossPercent');
  const shape = shapeOf(settings);
  return {
    name,
    place: place.where,
    tags: settings.tags ?? [],
    ...(settings.namespace === undefined ? {} : { namespace: settings.namespace }),
    sources,
    destinations,
    probe: probe.kind === 'dns' ? { ...probe, names: destinations.map(({ text }) => text) } : probe,
    expect: expect.verdict,
    conditions: expect.conditions.map(({ condition }) => condition),
    control: isDenied ? controlOf(settings) : { from: 'otherSources' },
    mode: settings.mode ?? 'one',
    ...(settings.families === undefined ? {} : { families: settings.families }),
    // Where a condition says how much loss is too much, nothing else does.
    maxLossPercent: settings.maxLossPercent ?? (judgesLoss ? 100 : 0),
    retries: settings.retries ?? 0,
    retryDelayMs: settings.retryDelayMs ?? 3000,
    settleMs: settings.settleMs ?? 0,
    ...(shape === undefined ? {} : { while: shape }),
  };
}

function shapeOf({ while: choice, namespace }: TestSettings): SuiteShape | undefined {
  return choice && { ...choice, peers: choice.peers.map((word) => inNamespace(word, namespace)) };
}

/** Its words without a namespace are in that of the test too. */
function controlOf({ control = { from: 'otherSources' }, namespace }: TestSettings): SuiteControl {
  if (control.from !== 'source' || namespace === undefined) return control;
  const { spec } = control;
  if (spec.kind === 'selector' || spec.kind === 'node' || spec.namespace !== undefined) return control;
  return { from: 'source', spec: { ...spec, namespace } };
}

/** A peer that names an object without a namespace, in that of the test. */
function inNamespace(word: string, namespace: string | undefined): string {
  const peer = parsePeer(word);
  if (namespace === undefined || 'cidr' in peer || !('name' in peer.ref.target)) return word;
  const { target } = peer.ref;
  if (target.kind === 'podOrHost' || target.kind === 'node' || target.namespace !== undefined) return word;
  return `${namespace}/${target.kind}/${target.name}`;
}
