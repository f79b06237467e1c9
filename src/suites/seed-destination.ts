// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { Fields } from '../manifests/fields.js';
import type { Place } from '../manifests/place.js';
import { parseDestination } from '../targets/destination-grammar.js';
import { parsePorts } from '../targets/ports.js';
import type { DestinationTarget, PortRef } from '../targets/refs.js';
import { describe, readSelector } from './pods-by-label.js';
import { readChoice } from './scalars.js';
import { readNamespaceOf, readPodName, warnUnread } from './seed-source.js';
import type { PodsByLabel } from './suite.js';

const kinds = ['ip', 'pod', 'service', 'node', 'selector'] as const;

/** One of `destinations`, before it is known what is done to it. */
export interface SeedDestination {
  place: Place;
  fields: Fields;
  text: string;
  port: PortRef | undefined;
  /** `anyNode`: a node that is not named. */
  what: { target: DestinationTarget } | { pods: PodsByLabel } | 'anyNode';
}

/**
 * `destinations`, with what networkmachinery's admission webhook asks of them: an ip has one, a pod and a service have a name
 * and a namespace.
 */
export function readSeedDestinations(spec: Fields, warnings: string[]): SeedDestination[] {
  const items = spec.list('destinations');
  if (!spec.has('destinations')) spec.at('destinations').wrong('is needed');
  if (items?.length === 0) spec.at('destinations').wrong('is empty', 'at least one is needed');
  return (items ?? []).flatMap(({ value, place }) => {
    const fields = Fields.of(value, place);
    return fields === undefined ? [] : (readOne(fields, warnings) ?? []);
  });
}

function readOne(fields: Fields, warnings: string[]): SeedDestination | undefined {
  const kind = readChoice(fields, 'kind', kinds);
  if (!fields.has('kind')) fields.at('kind').wrong('is needed', `there are ${kinds.join(', ')}`);
  const portText = fields.text('port');
  const port = portText ? fields.at('port').attempt(() => onePort(portText)) : undefined;
  warnUnread(fields, ['node', 'container'], warnings);
  const what = kind === undefined ? undefined : readers[kind](fields);
  // Known for every kind; what a kind does not have says nothing there.
  for (const name of ['name', 'namespace', 'ip', 'destinationSelector']) fields.raw(name);
  fields.end();
  if (what === undefined) return undefined;
  if (kind === 'ip' && typeof port === 'string')
    fields.at('port').wrong('an address has no named ports', 'give the number');
  return { place: fields.place, fields, port, ...what };
}

/** For messages; an IPv6 address stands in brackets before a port. */
export function withPort(text: string, port: PortRef | undefined): string {
  if (port === undefined) return text;
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}

function onePort(text: string): PortRef {
  const [port, ...others] = parsePorts(text, text);
  if (port === undefined || others.length > 0) {
    throw new Failure('usage', 'one port is allowed', { hint: 'make a destination of each' });
  }
  return port;
}

type What = Pick<SeedDestination, 'text' | 'what'> | undefined;

const readers: Record<(typeof kinds)[number], (fields: Fields) => What> = {
  ip: (fields) => {
    const ip = fields.required('ip');
    // The field went to ping and nc as it was, so a host name worked too.
    const ref =
      ip === undefined ? undefined : fields.at('ip').attempt(() => parseDestination(`host/${ip}`, { verb: 'ping' }));
    return ref && { text: ip ?? '', what: { target: ref.target } };
  },
  pod: (fields) => (fields.has('name') || !fields.has('destinationSelector') ? named(fields, 'pod') : byLabel(fields)),
  service: (fields) => named(fields, 'service'),
  node: (fields) => {
    if (!fields.has('name') || fields.raw('name') === '') {
      return { text: 'a pod on another node', what: 'anyNode' };
    }
    const name = readPodName(fields);
    return name === undefined ? undefined : { text: `node/${name}`, what: { target: { kind: 'node', name } } };
  },
  selector: byLabel,
};

function named(fields: Fields, kind: 'pod' | 'service'): What {
  const name = readPodName(fields);
  const namespace = readNamespaceOf(fields);
  if (name === undefined || namespace === undefined) return undefined;
  return {
    text: `${namespace}/${kind === 'pod' ? 'pod' : 'svc'}/${name}`,
    what: { target: { kind, namespace, name } },
  };
}

/** networkmachinery names the kind and skips it; its example files hint at this field. */
function byLabel(fields: Fields): What {
  const selector = readSelector(fields, 'destinationSelector');
  if (!fields.has('destinationSelector')) fields.at('destinationSelector').wrong('is needed with kind: selector');
  const namespace = readNamespaceOf(fields);
  if (selector === undefined || namespace === undefined) return undefined;
  const text = describe(selector, [namespace]);
  return { text, what: { pods: { kind: 'pods', text, selector, namespaces: [namespace] } } };
}
