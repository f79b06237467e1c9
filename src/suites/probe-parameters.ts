// SPDX-License-Identifier: Apache-2.0
import type { Fields } from '../manifests/fields.js';
import { longestAttemptMs } from '../model/longest-attempt.js';
import { dnsOptionsOf } from '../runs/dns.js';
import { httpOptionsOf } from '../runs/http.js';
import { readChoice, readCount, readDuration, readSwitch, readWord, readWords } from './scalars.js';
import type { ProbeKind, SuiteProbe } from './suite-probe.js';

type Parameters<Kind extends ProbeKind> = Partial<Omit<Extract<SuiteProbe, { kind: Kind }>, 'kind'>>;

/** Without what is absent. */
function given<T extends object>(values: { [Key in keyof T]: T[Key] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

const attempts = (fields: Fields) => readCount(fields, 'attempts', 1, 100);
const timeoutMs = (fields: Fields) => readDuration(fields, 'timeout', 1, longestAttemptMs);

/** The parameters of each probe, by the names of the verbs' flags in camel case. Bounds are those of the flags. */
export const probeReaders: { [Kind in ProbeKind]: (fields: Fields) => Parameters<Kind> } = {
  ping: (fields) =>
    given<Required<Parameters<'ping'>>>({
      count: readCount(fields, 'count', 1, 100_000),
      intervalMs: readDuration(fields, 'interval', 2),
      sizeBytes: readCount(fields, 'size', 0, 65_000),
      dontFragment: readSwitch(fields, 'df'),
      raw: readSwitch(fields, 'raw'),
      timeoutMs: timeoutMs(fields),
    }),
  connect: readConnect,
  dns: readDns,
  http: readHttp,
  mtu: (fields) =>
    given<Required<Parameters<'mtu'>>>({
      maxBytes: readCount(fields, 'maxSize', 128, 65_535),
      timeoutMs: timeoutMs(fields),
      expectedMtu: readCount(fields, 'expectMtu', 68, 65_535),
      bothDirections: readSwitch(fields, 'bothDirections'),
      raw: readSwitch(fields, 'raw'),
    }),
  trace: readTrace,
};

function readDns(fields: Fields): Parameters<'dns'> {
  const parameters = given<Required<Parameters<'dns'>>>({
    names: undefined,
    types: readWords(fields, 'types'),
    servers: readWords(fields, 'servers'),
    eachEndpoint: readSwitch(fields, 'eachEndpoint'),
    tcp: readSwitch(fields, 'tcp'),
    attempts: attempts(fields),
    timeoutMs: timeoutMs(fields),
    rcode: readWord(fields, 'expectRcode'),
    answers: readWords(fields, 'expectAnswer'),
  });
  const { types, servers, rcode } = parameters;
  fields.at('types').attempt(() => dnsOptionsOf({ names: [], types }));
  fields.at('servers').attempt(() => dnsOptionsOf({ names: [], servers }));
  fields.at('expectRcode').attempt(() => dnsOptionsOf({ names: [], rcode }));
  return parameters;
}

function readHttp(fields: Fields): Parameters<'http'> {
  const parameters = given<Required<Parameters<'http'>>>({
    method: readWord(fields, 'method'),
    headers: readHeaders(fields),
    path: readWord(fields, 'path'),
    tls: readSwitch(fields, 'tls'),
    eachEndpoint: readSwitch(fields, 'eachEndpoint'),
    attempts: attempts(fields),
    connectTimeoutMs: readDuration(fields, 'connectTimeout', 1, longestAttemptMs),
    timeoutMs: timeoutMs(fields),
    status: readWord(fields, 'expectStatus'),
    body: readWord(fields, 'expectBody'),
    insecure: readSwitch(fields, 'insecure'),
    http2: readSwitch(fields, 'http2'),
    redirects: readCount(fields, 'followRedirects', 0, 50),
    useProxy: readSwitch(fields, 'usePodProxy'),
  });
  const { method, path, status, body } = parameters;
  fields.at('method').attempt(() => httpOptionsOf({ method }));
  fields.at('path').attempt(() => httpOptionsOf({ path }));
  fields.at('expectStatus').attempt(() => httpOptionsOf({ status }));
  fields.at('expectBody').attempt(() => httpOptionsOf({ bodyText: body }));
  return parameters;
}

function readHeaders(fields: Fields): Record<string, string> | undefined {
  const pairs = fields.textMap('headers');
  for (const pair of pairs ?? []) {
    fields
      .at('headers')
      .at(pair[0])
      .attempt(() => httpOptionsOf({ headers: [pair] }));
  }
  return pairs && Object.fromEntries(pairs);
}

function readTrace(fields: Fields): Parameters<'trace'> {
  const parameters = given<Required<Parameters<'trace'>>>({
    method: readChoice(fields, 'protocol', ['icmp', 'udp', 'tcp'] as const),
    port: readCount(fields, 'port', 1, 65_535),
    count: readCount(fields, 'count', 1, 100),
    maxHops: readCount(fields, 'maxHops', 1, 64),
    timeoutMs: timeoutMs(fields),
    raw: readSwitch(fields, 'raw'),
  });
  const { method, port, raw = false } = parameters;
  const hasPorts = method === 'udp' || method === 'tcp';
  if (hasPorts && !raw) fields.at('protocol').wrong(`${method} needs a raw socket`, 'write raw: true beside it');
  if (port !== undefined && !hasPorts) fields.at('port').wrong('belongs to protocol udp and tcp', 'leave it out');
  return parameters;
}

function readConnect(fields: Fields): Parameters<'connect'> {
  const parameters = given<Required<Parameters<'connect'>>>({
    attempts: attempts(fields),
    timeoutMs: timeoutMs(fields),
    protocol: readChoice(fields, 'protocol', ['tcp', 'udp'] as const),
    tls: readSwitch(fields, 'tls'),
    payload: readWord(fields, 'payload'),
    proof: readChoice(fields, 'udpProof', ['counters', 'capture'] as const),
  });
  if (parameters.tls === true && parameters.protocol === 'udp') {
    fields.at('tls').wrong('TLS goes over TCP, and protocol is udp', 'leave one of them out');
  }
  if (parameters.proof === 'capture' && parameters.payload !== undefined) {
    fields
      .at('payload')
      .wrong('capture looks for a token of its own', 'write udpProof: counters, or leave payload out');
  }
  return parameters;
}
