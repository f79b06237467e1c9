// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import schema from '../../../plugins-manifest/schemas/report.v1.json' with { type: 'json' };
import { reasons } from '../../../src/model/reason.js';
import {
  type AttemptResult,
  type ControlResult,
  type DestinationKind,
  type Hint,
  type ProbeName,
  type Report,
  reportApiVersion,
  type Result,
  type ResultDestination,
  type ResultSource,
  type RttMs,
  type TestNotMade,
  type TlsResult,
  type DnsResult,
  type HttpResult,
  type MtuResult,
  type TraceHop,
  type PolicyExplanation,
} from '../../../src/model/report.js';
import { verdicts } from '../../../src/model/verdict.js';
import { renderReport } from '../../../src/report/render-report.js';
import { anyReport } from './arbitrary-report.js';
import { connectFromOne } from './sample-reports.js';
import { optional, required, summaryKeys, type Keys } from '../keys.js';
import { validatorOf } from '../validator.js';

const validate = validatorOf(schema);

const probes: Record<ProbeName, true> = {
  icmp: true,
  tcp: true,
  udp: true,
  dns: true,
  http: true,
  mtu: true,
  trace: true,
};
const kinds: Record<DestinationKind, true> = {
  ip: true,
  host: true,
  pod: true,
  service: true,
  endpoint: true,
  node: true,
};
const expectations: Record<Result['expect'], true> = { allow: true, deny: true };
const proofs: Record<NonNullable<Result['udpProof']>, true> = { answer: true, counters: true, capture: true };

const report: Keys<Report> = {
  apiVersion: required,
  kind: required,
  command: required,
  startedAt: required,
  durationMs: required,
  warnings: required,
  summary: required,
  results: required,
  hints: required,
  notMade: optional,
};
const notMade: Keys<TestNotMade> = { suite: required, test: required };
const source: Keys<ResultSource> = { namespace: required, pod: required, node: required, ip: required };
const destination: Keys<ResultDestination> = {
  ref: required,
  kind: required,
  namespace: optional,
  name: optional,
  address: required,
  port: optional,
  protocol: optional,
  node: optional,
};
const rttMs: Keys<RttMs> = {
  min: required,
  avg: required,
  p50: required,
  p95: optional,
  p99: optional,
  max: required,
  jitter: required,
};
const control: Keys<ControlResult> = { source: required, reached: required, reachedBefore: optional };
const attempt: Keys<AttemptResult> = { reason: required, ms: optional };
const tls: Keys<TlsResult> = {
  handshakeMs: optional,
  subject: optional,
  issuer: optional,
  notAfter: optional,
  error: optional,
};
const dns: Keys<DnsResult> = {
  name: required,
  type: required,
  queried: required,
  queries: required,
  rcode: optional,
  answers: required,
  ttl: optional,
  authoritative: optional,
};
const http: Keys<HttpResult> = {
  url: required,
  method: required,
  status: optional,
  version: optional,
  phases: optional,
  redirects: optional,
  location: optional,
  finalUrl: optional,
  bodyBytes: optional,
};
const mtu: Keys<MtuResult> = {
  pathMtu: optional,
  smallestLost: optional,
  interfaceMtu: optional,
  interface: optional,
  limitedBy: optional,
  router: optional,
  reverse: optional,
};
const hop: Keys<TraceHop> = {
  hop: required,
  address: optional,
  host: optional,
  sent: required,
  lossPercent: required,
  rttMs: optional,
};
const policies: Keys<PolicyExplanation> = {
  egress: required,
  ingress: required,
  text: required,
  message: required,
  disagrees: optional,
};
const hint: Keys<Hint> = { results: required, text: required, about: optional };
const result: Keys<Result> = {
  id: required,
  probe: required,
  startedAt: required,
  source: required,
  destination: required,
  expect: required,
  verdict: required,
  reason: required,
  message: required,
  attempts: required,
  control: optional,
  sent: optional,
  received: optional,
  duplicates: optional,
  lossPercent: optional,
  rttMs: optional,
  labels: optional,
  from: optional,
  nextMtu: optional,
  attemptResults: optional,
  tls: optional,
  udpProof: optional,
  dns: optional,
  http: optional,
  mtu: optional,
  hops: optional,
  suite: optional,
  test: optional,
  tags: optional,
  tries: optional,
  shape: optional,
  policies: optional,
};

describe('report.v1.json', () => {
  it('names itself', () => {
    expect(schema.$id).toBe('https://netmachinery.io/schemas/report.v1.json');
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.properties.apiVersion.const).toBe(reportApiVersion);
  });

  it('has the closed lists of the model', () => {
    const { $defs } = schema;
    expect($defs.reason.enum).toEqual([...reasons]);
    expect($defs.verdict.enum).toEqual([...verdicts]);
    expect($defs.probe.enum).toEqual(Object.keys(probes));
    expect($defs.destination.properties.kind.enum).toEqual(Object.keys(kinds));
    expect($defs.result.properties.expect.enum).toEqual(Object.keys(expectations));
    expect($defs.result.properties.udpProof.enum).toEqual(Object.keys(proofs));
  });

  it.each([
    ['Report', schema, report],
    ['Summary', schema.$defs.summary, summaryKeys],
    ['ResultSource', schema.$defs.source, source],
    ['ResultDestination', schema.$defs.destination, destination],
    ['RttMs', schema.$defs.rttMs, rttMs],
    ['ControlResult', schema.$defs.control, control],
    ['AttemptResult', schema.$defs.attempt, attempt],
    ['TlsResult', schema.$defs.tls, tls],
    ['DnsResult', schema.$defs.dns, dns],
    ['HttpResult', schema.$defs.http, http],
    ['MtuResult', schema.$defs.mtu, mtu],
    ['TraceHop', schema.$defs.hop, hop],
    ['PolicyExplanation', schema.$defs.policies, policies],
    ['Hint', schema.$defs.hint, hint],
    ['Result', schema.$defs.result, result],
    ['TestNotMade', schema.$defs.notMade, notMade],
  ])('knows the same keys as %s and no others', (_, object, keys) => {
    const needed = Object.entries(keys).flatMap(([key, need]) => (need === required ? [key] : []));
    expect(Object.keys(object.properties).sort()).toEqual(Object.keys(keys).sort());
    expect([...('required' in object ? object.required : [])].sort()).toEqual(needed.sort());
    expect(object.additionalProperties).toBe(false);
  });

  it('accepts what -o json prints', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (each) => {
        const json = await renderReport(each, 'json', { width: 80, color: false, headers: true });
        expect(validate(JSON.parse(json)), JSON.stringify(validate.errors)).toBe(true);
      }),
    );
  });

  it.each([
    ['an unknown key', { ...connectFromOne, extra: 1 }],
    ['an unknown reason', { ...connectFromOne, results: [{ ...connectFromOne.results[0], reason: 'Broken' }] }],
    ['an unknown key of a result', { ...connectFromOne, results: [{ ...connectFromOne.results[0], rtt: 1 }] }],
    ['another version', { ...connectFromOne, apiVersion: 'netmachinery.io/v2' }],
    ['no hints', { ...connectFromOne, hints: undefined }],
  ])('refuses %s', (_, broken) => {
    expect(validate(JSON.parse(JSON.stringify(broken)))).toBe(false);
  });
});
