// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../../errors/failure.js';
import { probeNumbers, type AgentSpec, type GoLists, type ProbeResult } from './agent-spec.js';
import { wellFormed } from './go-json.js';
import { goTime, zeroTime } from './go-time.js';

/** JSON's `null`, and what is not there, is Go's zero value. */
type Given = object | string | number | boolean;
type Fields = ReadonlyMap<string, Given>;

/** A report from its JSON, with what Go's encoding/json takes and refuses. Throws Failure(usage). */
export function decodeReport(text: string): AgentSpec {
  let value: Given | null;
  try {
    value = JSON.parse(text) as Given | null;
  } catch (thrown) {
    throw new Failure('usage', `the report is no JSON: ${asFailure(thrown).message}`, { cause: thrown });
  }
  return decodeSpec(value);
}

/** A report or the spec of an object. Throws Failure(usage) where a field has a value of another type. */
export function decodeSpec(value: Given | null | undefined): AgentSpec {
  const fields = fieldsOf(value ?? {}, 'the report');
  // The server forgets it, but Go reads it: it must be a list of small integers.
  list(fields, 'zero_extender', (item, what) => integer(new Map([[what, item]]), what, -128, 127));
  return {
    reportInterval: integer(fields, 'report_interval'),
    nodename: string(fields, 'nodename'),
    podname: string(fields, 'podname'),
    hostdate: time(fields, 'hostdate'),
    uptime: integer(fields, 'uptime', 0),
    lastUpdated: time(fields, 'last_updated'),
    nslookup: lists(fields, 'nslookup'),
    networkProbes: list(fields, 'network_probes', probe),
    ips: lists(fields, 'ips'),
  };
}

function wrong(what: string, wanted: string): Failure {
  return new Failure('usage', `${what} must be ${wanted}`);
}

/** The fields of a struct: Go knows them in upper and lower case alike, and the last of a name counts. */
function fieldsOf(value: Given, what: string): Fields {
  return new Map([...entriesOf(value, what)].map(([name, item]) => [name.toLowerCase(), item]));
}

function entriesOf(value: Given, what: string): Map<string, Given> {
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong(what, 'an object');
  return new Map(Object.entries(value).filter(([, item]) => item !== null)) as Map<string, Given>;
}

function string(fields: Fields, name: string): string {
  const value = fields.get(name) ?? '';
  if (typeof value !== 'string') throw wrong(name, 'a string');
  return wellFormed(value);
}

/** Within what JavaScript counts exactly, which is less than Go's 64 bits and more than anything that is reported. */
function integer(fields: Fields, name: string, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): number {
  const value = fields.get(name) ?? 0;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max)
    throw wrong(name, `an integer from ${min} to ${max}`);
  // JSON has a negative zero, Go's integers have none.
  return value + 0;
}

function time(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined) return zeroTime;
  const normal = typeof value === 'string' ? goTime(value) : undefined;
  if (normal === undefined) throw wrong(name, 'a time as RFC 3339 has it');
  return normal;
}

function list<T>(fields: Fields, name: string, decode: (item: Given, what: string) => T): T[] | null {
  const value = fields.get(name);
  if (value === undefined) return null;
  if (!Array.isArray(value)) throw wrong(name, 'a list');
  return (value as (Given | null)[]).map((item) => decode(item ?? emptyOf(name), name));
}

/** What Go makes of a `null` in a list. */
function emptyOf(name: string): Given {
  if (name === 'network_probes') return {};
  return name === 'zero_extender' ? 0 : '';
}

function lists(fields: Fields, name: string): GoLists {
  const value = fields.get(name);
  if (value === undefined) return null;
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong(name, 'an object');
  const text = (item: Given, what: string): string => string(new Map([[what, item]]), what);
  return new Map(
    Object.entries(value as Record<string, unknown>).map(([key, item]) => [
      wellFormed(key),
      list(new Map(item === null ? [] : [[name, item as Given]]), name, text),
    ]),
  );
}

function probe(value: Given): ProbeResult {
  const fields = fieldsOf(value, 'a network probe');
  const numbers = probeNumbers.map((name) => [name, integer(fields, name.toLowerCase())] as const);
  return { URL: string(fields, 'url'), ...Object.fromEntries(numbers) } as ProbeResult;
}
