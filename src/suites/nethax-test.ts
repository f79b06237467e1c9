// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { durationUs } from '../manifests/duration.js';
import { longestAttemptMs } from '../model/longest-attempt.js';
import type { Fields } from '../manifests/fields.js';
import { nearestNames } from '../targets/edit-distance.js';
import { quote } from '../targets/quote.js';
import { parseWord } from './read-destination.js';
import { readCount, readDuration, readSwitch } from './scalars.js';
import type { SuiteProbe } from './suite-probe.js';
import type { SuiteDestination, SuiteTest } from './suite.js';

const types = { '': 'http', http: 'http', https: 'http', 'http(s)': 'http', tcp: 'tcp', dns: 'dns' } as const;

/** One test of a plan; its sources are those of the target. */
export function readNethaxTest(fields: Fields, warnings: string[]): SuiteTest | undefined {
  const name = fields.text('name');
  const endpoint = fields.required('endpoint');
  const type = readType(fields);
  const status = readCount(fields, 'statusCode', 0, 599);
  const expectFail = readSwitch(fields, 'expectFail') ?? false;
  const timeoutMs = readTimeout(fields);
  if (fields.text('probeImage')) {
    warnings.push(`${fields.at('probeImage').toString()}: ignored: our own tools make the tests (--image)`);
  }
  fields.end();
  if (status !== undefined && status > 0 && status < 100) {
    fields.at('statusCode').wrong(`${status} is no status of HTTP`, 'allowed are 0 (no connection) and 100 to 599');
  }
  if (endpoint === undefined || type === undefined) return undefined;
  const probe = probeOf(type, endpoint, timeoutMs);
  const destination = fields.at('endpoint').attempt(() => destinationOf(endpoint, probe));
  if (destination === undefined) return undefined;
  warnOfMeaning(fields, type, warnings);
  const isHttp = type === 'http';
  const isDenied = isHttp ? (status ?? 0) === 0 : expectFail;
  return {
    name: name ?? endpoint,
    place: fields.place.where,
    tags: [],
    sources: [],
    destinations: [destination],
    probe,
    expect: isDenied ? 'deny' : 'allow',
    conditions: isHttp && !isDenied ? [{ figure: 'http.status', comparison: '=', value: status ?? 0 }] : [],
    control: { from: 'otherSources' },
    mode: 'one',
    maxLossPercent: 0,
    retries: 0,
    retryDelayMs: 3000,
    settleMs: 0,
  };
}

function readType(fields: Fields): 'http' | 'tcp' | 'dns' | undefined {
  const written = fields.text('type') ?? '';
  const word = written.trim().toLowerCase();
  if (Object.hasOwn(types, word)) return types[word as keyof typeof types];
  const [nearest] = nearestNames(word, ['http', 'tcp', 'dns'], 1);
  const hint = nearest === undefined ? 'allowed are http, tcp, dns' : `did you mean ${nearest}?`;
  fields.at('type').wrong(`${quote(written)} is not known here`, hint);
  return undefined;
}

function isZero(duration: string): boolean {
  try {
    return durationUs(duration) === 0;
  } catch {
    return false;
  }
}

/** A Go duration; older plans have a number of seconds. 0 is what nethax takes for an absent one. */
function readTimeout(fields: Fields): number | undefined {
  const value = fields.raw('timeout');
  if (!fields.says('timeout') || value === 0 || value === '') return undefined;
  if (typeof value === 'number' && value > 0 && value * 1000 <= longestAttemptMs) return Math.ceil(value * 1000);
  if (typeof value === 'string')
    return isZero(value) ? undefined : readDuration(fields, 'timeout', 1, longestAttemptMs);
  fields.at('timeout').wrong('a time is needed here', 'write 5s');
  return undefined;
}

/** nethax makes one attempt. */
function probeOf(type: 'http' | 'tcp' | 'dns', endpoint: string, timeoutMs: number | undefined): SuiteProbe {
  const common = { attempts: 1, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  if (type === 'tcp') return { kind: 'connect', protocol: 'tcp', ...common };
  return type === 'dns' ? { kind: 'dns', names: [endpoint], ...common } : { kind: 'http', ...common };
}

/** What stands before the port is resolved in the pod, and never the name of an object. */
function destinationOf(endpoint: string, probe: SuiteProbe): SuiteDestination {
  if (probe.kind === 'http' && !/^https?:\/\//i.test(endpoint)) {
    throw new Failure('usage', `${quote(endpoint)} is no URL`, { hint: 'write http://NAME/PATH' });
  }
  if (probe.kind !== 'connect') return parseWord(endpoint, probe);
  if (!/:\d+$/.test(endpoint)) {
    throw new Failure('usage', `${quote(endpoint)} has no port`, { hint: 'write NAME:80' });
  }
  return { ...parseWord(endpoint.startsWith('[') ? endpoint : `host/${endpoint}`, probe), text: endpoint };
}

function warnOfMeaning(fields: Fields, type: 'http' | 'tcp' | 'dns', warnings: string[]): void {
  const warn = (name: string, text: string) => warnings.push(`${fields.at(name).toString()}: ${text}`);
  if (type === 'http') {
    if (fields.has('expectFail')) warn('expectFail', 'ignored, as nethax does: statusCode 0 expects no connection');
    if (!fields.has('statusCode')) warn('statusCode', 'is absent: nethax takes that for 0 and expects no connection');
  } else if (fields.has('statusCode') && fields.raw('statusCode') !== 0) {
    warn('statusCode', `ignored, as nethax does: ${type} has none`);
  }
}
