// SPDX-License-Identifier: Apache-2.0
import { describeValue, Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import { nearestNames } from '../targets/edit-distance.js';
import { quote } from '../targets/quote.js';
import { probeReaders } from './probe-parameters.js';
import { suiteProbeKinds, type ProbeKind, type SuiteProbe } from './suite-probe.js';

/** What a `probe` field says: which probe, and the parameters of each kind that it names. */
export interface ProbeChoice {
  /** Undefined: it is chosen by what the destinations are. */
  kind?: ProbeKind | undefined;
  parameters: ReadonlyMap<ProbeKind, Partial<SuiteProbe>>;
  /** Something is wrong with it, so that nobody knows which probe is meant: nothing may be said of what goes with it. */
  isUnclear?: boolean;
  /** Those whose number of samples could not be read. */
  unknownSamples?: ReadonlySet<ProbeKind>;
}

const unclear: ProbeChoice = { parameters: new Map(), isUnclear: true };

/** `probe`: a word, or an object with the parameters of one kind; `several` in `defaults`, where they are those of each. */
export function readProbe(fields: Fields, several: boolean): ProbeChoice | undefined {
  const value = fields.raw('probe');
  if (value === undefined) return undefined;
  if (value === noted) return unclear;
  const place = fields.at('probe');
  const parameters = new Map<ProbeKind, Partial<SuiteProbe>>();
  if (typeof value === 'string') {
    const kind = suiteProbeKinds.find((one) => one === value);
    if (kind === undefined) place.wrong(`${quote(value)} is no probe`, hintFor(value));
    return kind === undefined ? unclear : { kind, parameters };
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    place.wrong(`a probe is needed here, not ${describeValue(value)}`, `there are ${suiteProbeKinds.join(', ')}`);
    return unclear;
  }
  const probe = Fields.of(value, place);
  const names = probe?.names() ?? [];
  const unknownSamples = new Set<ProbeKind>();
  for (const name of names) {
    const kind = suiteProbeKinds.find((one) => one === name);
    if (kind === undefined) place.wrongField(name, `${quote(name)} is no probe`, hintFor(name));
    else parameters.set(kind, readParameters(probe, kind, unknownSamples));
  }
  const kinds = [...parameters.keys()];
  if (names.length === 0) place.wrong('is empty', `there are ${suiteProbeKinds.join(', ')}`);
  if (kinds.length > 1 && !several) {
    place.wrong(`a test has one probe, not ${kinds.join(' and ')}`, 'make a test of each');
    return unclear;
  }
  const isUnclear = names.length === 0 || kinds.length < names.length;
  return { kind: kinds.length === 1 ? kinds[0] : undefined, parameters, isUnclear, unknownSamples };
}

function readParameters(
  probe: Fields | undefined,
  kind: ProbeKind,
  unknownSamples: Set<ProbeKind>,
): Partial<SuiteProbe> {
  const fields = probe?.child(kind);
  const parameters = fields && probeReaders[kind](fields);
  const isUnknown = (name: string) => fields?.has(name) === true && !(name in (parameters ?? {}));
  if (probe?.raw(kind) === noted || isUnknown('attempts') || isUnknown('count')) unknownSamples.add(kind);
  fields?.end();
  return parameters ?? {};
}

function hintFor(word: string): string {
  const [nearest] = nearestNames(word, suiteProbeKinds, 1);
  return nearest === undefined ? `there are ${suiteProbeKinds.join(', ')}` : `did you mean ${nearest}?`;
}
