// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import { describeValue, Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import type { Located } from '../manifests/place.js';
import { parseDestination } from '../targets/destination-grammar.js';
import { dnsName } from '../probes/dns-names.js';
import { ipFamily } from '../targets/names.js';
import { parseHttpDestination } from '../targets/http-words.js';
import { parsePorts } from '../targets/ports.js';
import { quote } from '../targets/quote.js';
import type { PortRef, Protocol, TargetVerb } from '../targets/refs.js';
import { readPodsByLabel } from './pods-by-label.js';
import { locatedItems } from './read-source.js';
import { readChoice } from './scalars.js';
import type { SuiteProbe } from './suite-probe.js';
import type { SuiteDestination } from './suite.js';

/** Whether an item of `to` names ports: what decides which probe it is for; undefined where it can not be known. */
export function namesPorts({ value }: Located): boolean | undefined {
  if (typeof value === 'object' && value !== null) return 'ports' in value;
  return typeof value === 'string' ? wordNamesPort(value) : undefined;
}

function wordNamesPort(word: string): boolean {
  return /^[a-z]+:\/\/|\]:|^[^:]*:[^:]*$/i.test(word);
}

function portRefused(word: string, { kind }: SuiteProbe): Failure {
  return new Failure('usage', `${kind} has no ports: ${quote(word)}`, {
    hint: 'leave the port out, or write probe: connect',
  });
}

/** `to`: one destination or a list of them, in the words of the probe's verb; of any verb where the probe is not known. */
export function readDestinations(fields: Fields, name: string, probe: SuiteProbe | undefined): SuiteDestination[] {
  return locatedItems(fields, name).flatMap((item) => readDestination(item, probe) ?? []);
}

function readDestination(item: Located, probe: SuiteProbe | undefined): SuiteDestination | undefined {
  const { value, place } = item;
  if (value === noted) return undefined;
  if (typeof value === 'string')
    return place.attempt(() => (probe === undefined ? parseForAny(value) : parseWord(value, probe)));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    place.wrong(`a destination is needed here, not ${describeValue(value)}`, 'write svc/api:80, or selector: app=db');
    return undefined;
  }
  return readByLabel(item, probe);
}

function protocolOf(probe: SuiteProbe): Protocol {
  return (probe.kind === 'connect' ? probe.protocol : undefined) ?? 'tcp';
}

/** One word of `to`. Throws Failure `usage`. */
export function parseWord(word: string, probe: SuiteProbe): SuiteDestination {
  if (probe.kind === 'dns') {
    // An address is asked the name of.
    if (ipFamily(word) === undefined) dnsName(word);
    return { kind: 'words', text: word };
  }
  const joined = word.trim().split(/\s+/).join('/');
  if (joined === '') throw new Failure('usage', 'is empty', { hint: 'write svc/api:80, deploy/web or an address' });
  if (probe.kind !== 'http' && /^https?:\/\//i.test(joined)) {
    throw new Failure('usage', `${probe.kind} takes no URL: ${quote(word)}`, { hint: 'write probe: http' });
  }
  if (!hasPorts(probe)) {
    if (wordNamesPort(word)) throw portRefused(word, probe);
    return parseDestination(joined, { verb: probe.kind as TargetVerb });
  }
  if (probe.kind === 'http') return parseHttpDestination(joined);
  return parseDestination(joined, { verb: 'connect', defaultProtocol: protocolOf(probe) });
}

/** A word that some probe takes. Throws what the likeliest has against it. */
function parseForAny(word: string): SuiteDestination {
  const likeliest: SuiteProbe = { kind: wordNamesPort(word) ? 'connect' : 'ping' };
  const others: SuiteProbe[] = [{ kind: 'http' }, { kind: 'dns', names: [] }];
  for (const probe of others) {
    try {
      return parseWord(word, probe);
    } catch (thrown) {
      if (asFailure(thrown).code === 'bug') throw thrown;
    }
  }
  return parseWord(word, likeliest);
}

function hasPorts({ kind }: SuiteProbe): boolean {
  return kind === 'connect' || kind === 'http';
}

function readByLabel({ value, place }: Located, probe: SuiteProbe | undefined): SuiteDestination | undefined {
  const fields = Fields.of(value, place);
  if (fields === undefined) return undefined;
  const pods = readPodsByLabel(fields);
  const ports = readPorts(fields, 'ports');
  const protocol = readChoice(fields, 'protocol', ['tcp', 'udp'] as const);
  fields.end();
  if (probe === undefined) return undefined;
  if (probe.kind === 'dns') {
    place.wrong('a dns test asks for names', 'write names in to; probe: {dns: {servers: [...]}} chooses who is asked');
    return undefined;
  }
  if (hasPorts(probe) && !fields.has('ports')) fields.at('ports').wrong('is needed', `${probe.kind} needs ports`);
  if (!hasPorts(probe)) {
    for (const name of ['ports', 'protocol']) {
      if (fields.says(name))
        fields.at(name).wrong(`${probe.kind} has no ports`, 'leave it out, or write probe: connect');
    }
  }
  if (pods === undefined) return undefined;
  return { ...pods, ports: ports ?? [], ...(hasPorts(probe) ? { protocol: protocol ?? protocolOf(probe) } : {}) };
}

/** Ports as numbers or names, one or a list. */
export function readPorts(fields: Fields, name: string): PortRef[] | undefined {
  if (!fields.has(name)) return undefined;
  const ports = locatedItems(fields, name).flatMap(({ value, place }) => {
    if (value === noted) return [];
    if (typeof value === 'number' || typeof value === 'string') {
      return place.attempt(() => parsePorts(String(value), String(value))) ?? [];
    }
    place.wrong(`a port is needed here, not ${describeValue(value)}`, 'write 80 or the name of a port');
    return [];
  });
  return [...new Set(ports)];
}
