// SPDX-License-Identifier: Apache-2.0
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import schema from '../../../plugins-manifest/schemas/suite-list.v1.json' with { type: 'json' };
import { objectText } from '../../../src/commands/object-text.js';
import { reportApiVersion } from '../../../src/model/report.js';
import type { EffectWords } from '../../../src/shaping/effect-words.js';
import { figures, type Comparison, type Condition } from '../../../src/suites/conditions.js';
import { readSuites } from '../../../src/suites/read-suites.js';
import { suiteList, type SuiteList } from '../../../src/suites/suite-list.js';
import { suiteProbeKinds, type ProbeKind, type SuiteProbe } from '../../../src/suites/suite-probe.js';
import type {
  ChosenPod,
  DestinationWords,
  PodsByLabel,
  Suite,
  SuiteControl,
  SuiteDestination,
  SuiteFormat,
  SuiteShape,
  SuiteTest,
} from '../../../src/suites/suite.js';
import type { DestinationRef, DestinationTarget, ObjectSource, SelectorSource } from '../../../src/targets/refs.js';
import { resourceKinds, type ResourceKind } from '../../../src/targets/resource-types.js';
import { mutated, mutations } from './mutations.js';
import { exampleFiles, networkTest, oneTest, read, wrongs } from './suites.js';
import { optional, required, type Keys } from '../keys.js';

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);
const { $defs } = schema;

type Probe<Kind extends ProbeKind> = Keys<Extract<SuiteProbe, { kind: Kind }>>;
type Choice<By extends ChosenPod['pod']['by']> = Keys<Extract<ChosenPod['pod'], { by: By }>>;
type Target<Kind> = Keys<Extract<DestinationTarget, { kind: Kind }>>;

const list: Keys<SuiteList> = { apiVersion: required, kind: required, suites: required };
const suite: Keys<Suite> = { name: required, file: required, format: required, tests: required, periodMs: optional };
const test: Keys<SuiteTest> = {
  name: required,
  place: required,
  tags: required,
  namespace: optional,
  sources: required,
  destinations: required,
  probe: required,
  expect: required,
  conditions: required,
  control: required,
  mode: required,
  families: optional,
  maxLossPercent: required,
  retries: required,
  retryDelayMs: required,
  settleMs: required,
  while: optional,
  unsupported: optional,
};
const objectSource: Keys<ObjectSource> = { kind: required, text: required, namespace: optional, name: required };
const selectorSource: Keys<SelectorSource> = {
  kind: required,
  text: required,
  selector: required,
  fieldSelector: optional,
};
const pods: Keys<PodsByLabel> = {
  kind: required,
  text: required,
  selector: required,
  fieldSelector: optional,
  namespaces: optional,
  namespaceSelector: optional,
};
const destinationPods: Keys<Extract<SuiteDestination, { kind: 'pods' }>> = {
  ...pods,
  ports: required,
  protocol: optional,
};
const word: Keys<DestinationRef> = { text: required, target: required, ports: required, protocol: optional };
const name: Keys<DestinationWords> = { kind: required, text: required };
const chosenPod: Keys<ChosenPod> = { kind: required, text: required, pod: required, port: optional };
const podByName: Choice<'name'> = { by: required, namespace: required, name: required };
const podOnNode: Choice<'node'> = { by: required, node: required };
const podOnAnotherNode: Choice<'anotherNode'> = { by: required };
const objectTarget: Keys<Extract<DestinationTarget, { kind: ResourceKind }>> = {
  kind: required,
  namespace: optional,
  name: required,
};
const podOrHostTarget: Target<'podOrHost'> = { kind: required, name: required };
const hostTarget: Target<'host'> = { kind: required, host: required };
const addressTarget: Target<'ip'> = { kind: required, address: required, family: required };
const ping: Probe<'ping'> = {
  kind: required,
  count: optional,
  intervalMs: optional,
  sizeBytes: optional,
  dontFragment: optional,
  raw: optional,
  timeoutMs: optional,
};
const connect: Probe<'connect'> = {
  kind: required,
  attempts: optional,
  timeoutMs: optional,
  protocol: optional,
  tls: optional,
  payload: optional,
  proof: optional,
};
const dns: Probe<'dns'> = {
  kind: required,
  names: required,
  types: optional,
  servers: optional,
  eachEndpoint: optional,
  tcp: optional,
  attempts: optional,
  timeoutMs: optional,
  rcode: optional,
  answers: optional,
};
const http: Probe<'http'> = {
  kind: required,
  method: optional,
  headers: optional,
  path: optional,
  tls: optional,
  eachEndpoint: optional,
  attempts: optional,
  connectTimeoutMs: optional,
  timeoutMs: optional,
  status: optional,
  body: optional,
  insecure: optional,
  http2: optional,
  redirects: optional,
  useProxy: optional,
};
const mtu: Probe<'mtu'> = {
  kind: required,
  maxBytes: optional,
  timeoutMs: optional,
  expectedMtu: optional,
  bothDirections: optional,
  raw: optional,
};
const trace: Probe<'trace'> = {
  kind: required,
  method: optional,
  port: optional,
  count: optional,
  maxHops: optional,
  timeoutMs: optional,
  raw: optional,
};
const condition: Keys<Condition> = { figure: required, comparison: required, value: required };
const controlPlace: Keys<Extract<SuiteControl, { from: 'none' }>> = { from: required };
const controlSource: Keys<Extract<SuiteControl, { from: 'source' }>> = { from: required, spec: required };
const shape: Keys<SuiteShape> = {
  source: optional,
  mode: required,
  effects: required,
  direction: required,
  peers: required,
};
const effects: Keys<EffectWords> = {
  delay: optional,
  jitter: optional,
  correlation: optional,
  distribution: optional,
  loss: optional,
  lossCorrelation: optional,
  duplicate: optional,
  duplicateCorrelation: optional,
  corrupt: optional,
  corruptCorrelation: optional,
  reorder: optional,
  reorderCorrelation: optional,
  gap: optional,
  rate: optional,
  limit: optional,
  slot: optional,
  partition: optional,
};

const formats: Record<SuiteFormat, true> = {
  NetworkTest: true,
  NetworkConnectivityTest: true,
  NetworkDelayTest: true,
  'netassert tests': true,
  'nethax plan': true,
};
const comparisons: Record<Comparison, true> = { '<': true, '<=': true, '=': true, '>=': true, '>': true };
const places: Record<Exclude<SuiteControl['from'], 'source'>, true> = {
  otherSources: true,
  destination: true,
  none: true,
};
const directions: Record<SuiteShape['direction'], true> = { egress: true, ingress: true, both: true };

/** As `validate -o json` prints it and somebody reads it. */
async function printed(suites: readonly Suite[]): Promise<SuiteList> {
  return JSON.parse(await objectText(suiteList(suites), 'json')) as SuiteList;
}

/** The list with one test whose fields are these. */
async function listOf(fields: object): Promise<SuiteList> {
  const [only] = read(networkTest({ tests: [{ name: 'one', from: 'deploy/web', to: 'svc/api:80' }] })).suites;
  if (only === undefined) throw new Error('no suite was read');
  return printed([{ ...only, tests: [oneTest(fields)] }]);
}

describe('suite-list.v1.json', () => {
  it('names itself', () => {
    expect(schema.$id).toBe('https://netmachinery.io/schemas/suite-list.v1.json');
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.properties.apiVersion.const).toBe(reportApiVersion);
  });

  it('has the closed lists of the model', () => {
    expect($defs.suite.properties.format.enum).toEqual(Object.keys(formats));
    expect($defs.resourceKind.enum).toEqual([...resourceKinds]);
    expect($defs.probe.oneOf.map(({ $ref }) => $ref)).toEqual(suiteProbeKinds.map((kind) => `#/$defs/${kind}`));
    expect($defs.condition.properties.figure.enum).toEqual([...figures]);
    expect($defs.condition.properties.comparison.enum).toEqual(Object.keys(comparisons));
    expect($defs.controlPlace.properties.from.enum).toEqual(Object.keys(places));
    expect($defs.shape.properties.direction.enum).toEqual(Object.keys(directions));
  });

  it.each([
    ['SuiteList', schema, list],
    ['Suite', $defs.suite, suite],
    ['SuiteTest', $defs.test, test],
    ['ObjectSource', $defs.objectSource, objectSource],
    ['SelectorSource', $defs.selectorSource, selectorSource],
    ['PodsByLabel', $defs.pods, pods],
    ['PodsByLabel of destinations', $defs.destinationPods, destinationPods],
    ['DestinationRef', $defs.word, word],
    ['DestinationWords', $defs.name, name],
    ['ChosenPod', $defs.chosenPod, chosenPod],
    ['ChosenPod by name', $defs.podByName, podByName],
    ['ChosenPod by node', $defs.podOnNode, podOnNode],
    ['ChosenPod on another node', $defs.podOnAnotherNode, podOnAnotherNode],
    ['DestinationTarget of an object', $defs.objectTarget, objectTarget],
    ['DestinationTarget of a pod or host', $defs.podOrHostTarget, podOrHostTarget],
    ['DestinationTarget of a host', $defs.hostTarget, hostTarget],
    ['DestinationTarget of an address', $defs.addressTarget, addressTarget],
    ['the probe ping', $defs.ping, ping],
    ['the probe connect', $defs.connect, connect],
    ['the probe dns', $defs.dns, dns],
    ['the probe http', $defs.http, http],
    ['the probe mtu', $defs.mtu, mtu],
    ['the probe trace', $defs.trace, trace],
    ['Condition', $defs.condition, condition],
    ['SuiteControl', $defs.controlPlace, controlPlace],
    ['SuiteControl with a source', $defs.controlSource, controlSource],
    ['SuiteShape', $defs.shape, shape],
    ['EffectWords', $defs.effects, effects],
  ])('knows the same keys as %s and no others', (_, object, keys) => {
    const needed = Object.entries(keys).flatMap(([key, need]) => (need === required ? [key] : []));
    expect(Object.keys(object.properties).sort()).toEqual(Object.keys(keys).sort());
    expect([...('required' in object ? object.required : [])].sort()).toEqual(needed.sort());
    expect(object.additionalProperties).toBe(false);
  });

  it('accepts all examples at once, of every format', async () => {
    const texts = Object.entries(exampleFiles).map(([file, text]) => ({ name: file, text }));
    const { suites } = readSuites(texts, { set: {}, environment: {} });
    const json = await printed(suites);
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    expect([...new Set(json.suites.map(({ format }) => format))].sort()).toEqual(Object.keys(formats).sort());
  });

  it('accepts whatever the reader makes of a file', async () => {
    const documents = Object.values(exampleFiles)
      .filter((text) => text.includes('kind: NetworkTest\n'))
      .map((text) => load(text));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...documents), mutations, async (document, mutation) => {
        const text = JSON.stringify(mutated(document, mutation));
        if (wrongs(() => read(text)).length > 0) return;
        expect(validate(await printed(read(text).suites)), JSON.stringify(validate.errors)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, object]>([
    ['a share of the pods', { mode: '30%' }],
    ['so many pods', { mode: 3 }],
    ['both families', { ipFamilies: 'both' }],
    ['a control of its own', { expect: 'deny', control: 'deploy/api' }],
    ['pods of labelled namespaces', { to: { selector: 'app=api', namespaceSelector: {}, ports: ['http'] } }],
    ['a word that may be a host', { to: 'api.shop:80' }],
    ['an address', { to: '198.18.0.1:80' }],
    ['a pause of less than a millisecond', { retryDelay: '1500us' }],
    ['headers', { probe: { http: { headers: { Accept: 'text/plain' } } } }],
    ['a partition of other pods', { while: { shape: { source: 'deploy/api', mode: '50%', partition: true } } }],
  ])('accepts %s', async (_, fields) => {
    expect(validate(await listOf(fields)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each<[string, (list: SuiteList) => unknown]>([
    ['an unknown key', (each) => ({ ...each, extra: 1 })],
    ['another kind', (each) => ({ ...each, kind: 'Suites' })],
    ['no suites', (each) => ({ ...each, suites: [] })],
    ['a suite without tests', (each) => ({ ...each, suites: each.suites.map((one) => ({ ...one, tests: [] })) })],
  ])('refuses %s', async (_, broken) => {
    const whole = await listOf({});
    expect(validate(whole)).toBe(true);
    expect(validate(broken(whole))).toBe(false);
  });

  it.each<[string, object]>([
    ['an unknown key', { extra: 1 }],
    ['a probe with the parameter of another', { probe: { kind: 'ping', attempts: 3 } }],
    ['an unknown probe', { probe: { kind: 'perf' } }],
    ['a source without a name', { sources: [{ kind: 'pod', text: 'pod/web' }] }],
    ['no source', { sources: [] }],
    ['port 0', { destinations: [{ text: 'svc/api:0', target: { kind: 'service', name: 'api' }, ports: [0] }] }],
    ['an unknown figure', { conditions: [{ figure: 'rttMs.mean', comparison: '<', value: 1 }] }],
    ['a control that has no source', { control: { from: 'source' } }],
    ['a shape without effects', { while: { mode: 'one', effects: {}, direction: 'egress', peers: [] } }],
    ['more than all pods', { mode: '101%' }],
  ])('refuses a test with %s', async (_, fields) => {
    const whole = await listOf({});
    const broken = whole.suites.map((one) => ({ ...one, tests: one.tests.map((each) => ({ ...each, ...fields })) }));
    expect(validate(whole)).toBe(true);
    expect(validate({ ...whole, suites: broken })).toBe(false);
  });
});
