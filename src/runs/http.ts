// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { parseBodyExpectation } from '../probes/http-body.js';
import { defaultHttpTimeoutMs, httpCommand, requireMessage, type HttpRequest, type HttpTest } from '../probes/http.js';
import { httpParser, type HttpOutcome } from '../probes/http-parser.js';
import { parseStatuses } from '../probes/http-status.js';
import { defaultConnectTimeoutMs } from '../probes/tcp.js';
import { tlsCommand, type TlsDestination } from '../probes/tls.js';
import { tlsParser } from '../probes/tls-parser.js';
import { measureBySource } from './by-source.js';
import { executeProbe, type Execute } from './execute-probe.js';
import { withUrls } from './http-tests.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import type { Measurer } from './run-request.js';
import { rttStatistics } from '../model/statistics.js';

/** What `http` asks for, and how; `attempts` are those to each destination. */
export interface HttpOptions extends Omit<HttpRequest, 'tests' | 'leash'> {
  /** Of destinations that are no URLs; begins with a slash. */
  path: string;
  tls: boolean;
  /** Each endpoint of the Services that URLs name by their DNS names; of `svc/NAME` all are asked anyway. */
  eachEndpoint: boolean;
  /** Of destinations without one; the cluster's own by default. */
  namespace?: string | undefined;
}

/** Options as flags and suites write them. Throws a usage Failure for what no request can be made of. */
export function httpOptionsOf(words: {
  method?: string | undefined;
  headers?: readonly (readonly [name: string, value: string])[] | undefined;
  body?: Buffer | undefined;
  path?: string | undefined;
  tls?: boolean | undefined;
  eachEndpoint?: boolean | undefined;
  attempts?: number | undefined;
  connectTimeoutMs?: number | undefined;
  timeoutMs?: number | undefined;
  http2?: boolean | undefined;
  insecure?: boolean | undefined;
  redirects?: number | undefined;
  useProxy?: boolean | undefined;
  /** `200`, `2xx`, `200-299`, or a list. */
  status?: string | undefined;
  /** Contained in the body, or a regular expression between slashes. */
  bodyText?: string | undefined;
}): HttpOptions {
  const { path = '/', timeoutMs = defaultHttpTimeoutMs, status, bodyText } = words;
  if (!path.startsWith('/')) throw new Failure('usage', `"${path}" is not a path: it begins with a slash`);
  const message = { method: words.method?.toUpperCase(), headers: words.headers ?? [], body: words.body };
  requireMessage(message);
  return {
    message,
    path,
    tls: words.tls ?? false,
    eachEndpoint: words.eachEndpoint ?? false,
    attempts: words.attempts ?? 1,
    connectTimeoutMs: words.connectTimeoutMs ?? Math.min(defaultConnectTimeoutMs, timeoutMs),
    timeoutMs,
    http2: words.http2 ?? false,
    insecure: words.insecure ?? false,
    redirects: words.redirects ?? 0,
    useProxy: words.useProxy ?? false,
    expect: {
      statuses: status === undefined ? undefined : parseStatuses(status),
      body: bodyText === undefined ? undefined : parseBodyExpectation(bodyText),
    },
  };
}

function httpTest({ index, destination }: Test): HttpTest {
  const { url, address, port, family, host } = destination;
  if (url === undefined) throw new Failure('bug', `test ${index} has no URL`);
  if (address === undefined || port === undefined || host !== undefined) return { index, url, family };
  const { hostname } = new URL(url);
  const isSame = hostname.replace(/^\[|\]$/g, '') === address;
  return { index, url, ...(isSame ? {} : { connectTo: { address, port } }) };
}

function httpMeasurement(outcome: HttpOutcome, startedAt: Date): Measurement {
  const { reason, message, attempts, address, http, tls } = outcome;
  const times = attempts.flatMap(({ ms, reason: result }) => (ms === undefined || result !== 'Responded' ? [] : [ms]));
  const rttMs = rttStatistics(times);
  return {
    reason,
    message,
    attempts: attempts.length,
    startedAt,
    resolvedAddress: address,
    facts: {
      attemptResults: attempts,
      ...(rttMs === undefined ? {} : { rttMs }),
      ...(http === undefined ? {} : { http }),
      ...(tls === undefined ? {} : { tls }),
    },
  };
}

/** curl shows no certificate that it does not trust, so those are looked at by a handshake that sends no request. */
async function addCertificates(
  execute: Execute,
  tests: readonly Test[],
  measured: Map<number, Measurement>,
  { connectTimeoutMs, leash }: { connectTimeoutMs: number; leash: boolean },
): Promise<void> {
  const destinations = tests.flatMap((test): TlsDestination[] => {
    const measurement = measured.get(test.index);
    const { port, url = '', address: planned } = test.destination;
    const address = measurement?.resolvedAddress ?? planned;
    if (measurement?.reason !== 'TlsFailed' || port === undefined || address === undefined) return [];
    const { hostname } = new URL(url);
    const isName = /[a-z]/.test(hostname) && !hostname.startsWith('[');
    return [{ index: test.index, address, port, ...(isName ? { serverName: hostname } : {}) }];
  });
  if (destinations.length === 0) return;
  const request = { destinations, timeoutMs: connectTimeoutMs, leash };
  for (const { index, subject, issuer, notAfter } of await executeProbe(
    execute,
    tlsCommand(request),
    tlsParser(request),
  )) {
    const measurement = measured.get(index);
    if (measurement === undefined || subject === undefined) continue;
    const tls = { ...measurement.facts?.tls, subject, ...(issuer && { issuer }), ...(notAfter && { notAfter }) };
    measured.set(index, { ...measurement, facts: { ...measurement.facts, tls } });
  }
}

/** How `http` measures. */
export function httpMeasurer(options: HttpOptions): Measurer {
  const { path, tls, eachEndpoint, namespace, ...asked } = options;
  return {
    verb: 'http',
    targetVerb: 'connect',
    protocols: ['tcp'],
    capabilities: [],
    probeOf: () => 'http',
    expand: (tests, { cluster, options: { signal } }) =>
      withUrls(tests, { cluster, signal, eachEndpoint, path, tls, namespace }),
    measure: (tests, workplaces) =>
      measureBySource(tests, workplaces.atWork, async (source, own) => {
        const startedAt = new Date();
        const execute = await workplaces.open(source);
        const { leash } = workplaces;
        const request = { ...asked, tests: own.map(httpTest), leash };
        const outcomes = await executeProbe(execute, httpCommand(request), httpParser(request));
        const measured = new Map(outcomes.map((outcome) => [outcome.index, httpMeasurement(outcome, startedAt)]));
        await addCertificates(execute, own, measured, { connectTimeoutMs: options.connectTimeoutMs, leash });
        return measured;
      }),
  };
}
