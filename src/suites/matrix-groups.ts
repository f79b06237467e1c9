// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import { describeValue, Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import type { Located, Place } from '../manifests/place.js';
import { parseDestination } from '../targets/destination-grammar.js';
import { quote } from '../targets/quote.js';
import type { DestinationRef, PortRef } from '../targets/refs.js';
import { parseSource } from '../targets/source-grammar.js';
import { readPodsByLabel } from './pods-by-label.js';
import { readPorts } from './read-destination.js';
import type { PodsByLabel, SuiteSource } from './suite.js';

/** A group of a matrix: what sends, and what is sent to. */
export interface MatrixGroup {
  name: string;
  place: Place;
  /** Empty for addresses and host names, which only receive. */
  sources: SuiteSource[];
  destinations: (DestinationRef | PodsByLabel)[];
  /** Its own, stronger than the matrix's; undefined: it has none. */
  ports: PortRef[] | undefined;
  /** All of its members could be read. */
  isComplete: boolean;
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** `groups`: names, each with a word, a list of words, or pods by label; a word or object may have ports of its own. */
export function readGroups(matrix: Fields): MatrixGroup[] {
  const groups = matrix.child('groups');
  if (!matrix.has('groups')) matrix.at('groups').wrong('is needed', 'write groups: {web: deploy/web, db: sts/db}');
  return (groups?.names() ?? []).map((name) => {
    const place = (groups as Fields).at(name);
    if (!namePattern.test(name)) {
      groups?.place.wrongField(
        name,
        `${quote(name)} can not be a group`,
        "letters, digits, '-', '_' and '.' are allowed",
      );
    }
    return readGroup(name, { value: groups?.raw(name), place });
  });
}

function readGroup(name: string, item: Located): MatrixGroup {
  const items = Array.isArray(item.value)
    ? item.value.map((value: unknown, index) => ({ value, place: item.place.at(index) }))
    : [item];
  if (items.length === 0) item.place.wrong('is empty', 'at least one member is needed');
  const members = items.flatMap((one) => readMember(one) ?? []);
  const withPorts = members.filter(({ ports }) => ports !== undefined);
  const ports = withPorts.flatMap((member) => member.ports ?? []);
  if (withPorts.length > 0 && new Set(members.map((member) => String(member.ports))).size > 1) {
    item.place.wrong('its members have different ports', 'make a group of each');
  }
  return {
    name,
    place: item.place,
    sources: members.flatMap(({ source }) => source ?? []),
    destinations: members.map(({ destination }) => destination),
    ports: withPorts.length === 0 ? undefined : [...new Set(ports)],
    isComplete: items.length > 0 && members.length === items.length,
  };
}

interface Member {
  source: SuiteSource | undefined;
  destination: DestinationRef | PodsByLabel;
  ports: PortRef[] | undefined;
}

function readMember({ value, place }: Located): Member | undefined {
  if (value === noted) return undefined;
  if (typeof value === 'string') return place.attempt(() => parseMember(value.trim().split(/\s+/).join('/')));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    place.wrong(
      `a group needs a word or pods by label, not ${describeValue(value)}`,
      'write deploy/web or selector: app=web',
    );
    return undefined;
  }
  const fields = Fields.of(value, place);
  const pods = fields && readPodsByLabel(fields);
  const ports = fields && readPorts(fields, 'ports');
  fields?.end();
  return pods && { source: pods, destination: pods, ports };
}

/** As a source a word has no port; as a destination it may. Throws Failure `usage`. */
function parseMember(word: string): Member {
  const { ref, ports } = parseWithPorts(word);
  const { kind } = ref.target;
  if (kind === 'ip' || kind === 'host' || kind === 'podOrHost') return { source: undefined, destination: ref, ports };
  const { namespace, name } = ref.target;
  const source = parseSource([[namespace, kind, name].filter((part) => part !== undefined).join('/')]);
  const text = ports === undefined ? word : word.replace(/:[^:]*$/, '');
  return { source: { ...source, text }, destination: ref, ports };
}

function parseWithPorts(word: string): { ref: DestinationRef; ports: PortRef[] | undefined } {
  try {
    return { ref: parseDestination(word, { verb: 'ping' }), ports: undefined };
  } catch (thrown) {
    if (!asFailure(thrown).message.startsWith('ping has no ports')) throw thrown;
    const { text, target, ports } = parseDestination(word, { verb: 'connect' });
    return { ref: { text, target, ports: [] }, ports };
  }
}
