// SPDX-License-Identifier: Apache-2.0
import { Fields } from '../manifests/fields.js';
import type { Place } from '../manifests/place.js';
import { nearestNames } from '../targets/edit-distance.js';
import { quote } from '../targets/quote.js';
import type { PortRef, Protocol } from '../targets/refs.js';
import { buildTest, probeOf } from './build-test.js';
import { readGroups, type MatrixGroup } from './matrix-groups.js';
import { readPorts } from './read-destination.js';
import { readExpectation, type ExpectationChoice } from './read-expectation.js';
import { readChoice, readSwitch, readWord, readWords } from './scalars.js';
import type { SuiteProbe } from './suite-probe.js';
import type { SuiteDestination, SuiteTest } from './suite.js';
import { readSettings, withDefaults, type TestSettings } from './test-settings.js';

/** What is expected of one pair otherwise than of all, perhaps of some ports only. */
interface Exception {
  from: string[];
  to: string[];
  /** Undefined: all ports of the pair. */
  ports: PortRef[] | undefined;
  expect: ExpectationChoice;
  place: Place;
}

interface Matrix {
  /** Before the names of its tests. */
  prefix: string;
  groups: readonly MatrixGroup[];
  ports: PortRef[];
  protocol: Protocol | undefined;
  includesSelf: boolean;
  exceptions: readonly Exception[];
  settings: TestSettings;
  place: Place;
}

/** `matrix`: every group to every other, with one expectation and exceptions to it, as one test for each pair. */
export function readMatrix(fields: Fields, defaults: TestSettings, warnings: string[]): SuiteTest[] {
  const { problems } = fields.place;
  const before = problems.count;
  const own = readSettings(fields, warnings, false);
  const fallback = readChoice(fields, 'default', ['allow', 'deny'] as const) ?? 'allow';
  if (own.expect !== undefined) fields.at('expect').wrong('a matrix has a default', 'write default: allow or deny');
  const hasOwnControl = fields.has('control');
  const groups = readGroups(fields);
  const ports = readPorts(fields, 'ports') ?? [];
  const matrix: Matrix = {
    prefix: readWord(fields, 'name') ?? '',
    groups,
    ports,
    protocol: readChoice(fields, 'protocol', ['tcp', 'udp'] as const),
    includesSelf: readSwitch(fields, 'self') ?? false,
    exceptions: readExceptions(fields, groups),
    settings: {
      ...withDefaults(own, { ...defaults, mode: defaults.mode ?? 'all' }),
      expect: { verdict: fallback, conditions: [] },
    },
    place: fields.place,
  };
  fields.end();
  const isSound = problems.count === before;
  // What is wrong with a group, a probe or ports has been told, and nothing is to be learnt from the pairs.
  const arePortsWrong = fields.has('ports') && ports.length === 0;
  if (groups.some(({ isComplete }) => !isComplete) || arePortsWrong) return [];
  if (matrix.settings.probe?.isUnclear === true) return [];
  const tests = matrix.groups.flatMap((from) => matrix.groups.flatMap((to) => testsOf(matrix, from, to)));
  if (hasOwnControl && isSound && !tests.some(({ expect }) => expect === 'deny')) {
    fields.at('control').wrong('nothing is denied here', 'leave it out');
  }
  if (tests.length === 0 && fields.has('groups')) {
    fields.at('groups').wrong('make no pair', 'at least one that sends and another one are needed');
  }
  return tests;
}

function readExceptions(fields: Fields, groups: readonly MatrixGroup[]): Exception[] {
  return (fields.list('exceptions') ?? []).flatMap(({ value, place }) => {
    const exception = Fields.of(value, place);
    if (exception === undefined) return [];
    const from = readGroupNames(exception, 'from', groups);
    const to = readGroupNames(exception, 'to', groups);
    const ports = readPorts(exception, 'ports');
    const expect = readExpectation(exception);
    if (!exception.has('expect')) exception.at('expect').wrong('is needed', 'write expect: allow or deny');
    exception.end();
    return expect === undefined ? [] : [{ from, to, ports, expect, place }];
  });
}

function readGroupNames(fields: Fields, name: string, groups: readonly MatrixGroup[]): string[] {
  const known = groups.map((group) => group.name);
  const names = readWords(fields, name);
  if (!fields.has(name)) fields.at(name).wrong('is needed', `groups are ${known.join(', ')}`);
  for (const one of names ?? []) {
    if (known.includes(one)) continue;
    const [nearest] = nearestNames(one, known, 1);
    const hint = nearest === undefined ? `groups are ${known.join(', ')}` : `did you mean ${nearest}?`;
    fields.at(name).wrong(`${quote(one)} is no group`, hint);
  }
  return names ?? [];
}

/** One test for all ports of which the same is expected. */
function testsOf(matrix: Matrix, from: MatrixGroup, to: MatrixGroup): SuiteTest[] {
  const exceptions = matrix.exceptions.filter(
    (exception) => exception.from.includes(from.name) && exception.to.includes(to.name),
  );
  const isSelf = from === to;
  if (isSelf && !matrix.includesSelf) {
    for (const { place } of exceptions) {
      place.wrong(`${from.name} to itself is no part of this matrix`, 'write self: true beside groups');
    }
    return [];
  }
  if (from.sources.length === 0) {
    for (const { place, from: names } of exceptions) {
      if (names.length === 1) place.at('from').wrong(`nothing is sent from ${from.name}`, 'packets leave from pods');
    }
    return [];
  }
  const ports = to.ports ?? matrix.ports;
  const covered = new Set<string>();
  const tests = exceptions.flatMap((exception) => {
    const own = exception.ports ?? ports;
    const keys = own.length === 0 ? ['all'] : own.map(String);
    if (keys.some((key) => covered.has(key))) {
      exception.place.wrong('another exception says it of the same', 'leave one of them out');
      return [];
    }
    for (const key of keys) covered.add(key);
    return testOf(matrix, from, to, own, exception);
  });
  const rest = ports.filter((port) => !covered.has(String(port)));
  if (rest.length === 0 && (ports.length > 0 || covered.size > 0)) return tests;
  return [...testOf(matrix, from, to, rest, undefined), ...tests];
}

function testOf(
  { prefix, settings, place, protocol }: Matrix,
  from: MatrixGroup,
  to: MatrixGroup,
  ports: PortRef[],
  exception: Exception | undefined,
): SuiteTest[] {
  const probe = withProtocol(probeOf(settings, ports.length > 0), protocol);
  const needsPorts = probe.kind === 'connect' || probe.kind === 'http';
  if (needsPorts !== ports.length > 0 && !(needsPorts && to.destinations.every(isService))) {
    place.at('ports').wrong(needsPorts ? `${probe.kind} needs ports` : `${probe.kind} has no ports`, 'see probe');
    return [];
  }
  if (probe.kind === 'dns') {
    place.at('probe').wrong('dns asks for names, and a matrix has groups', 'write tests');
    return [];
  }
  refusePortNames(to, ports, exception?.place ?? to.place);
  const suffix = ports.length > 0 ? `:${ports.join(',')}` : '';
  return [
    buildTest({
      name: `${prefix === '' ? '' : `${prefix}: `}${from.name} to ${to.name}${suffix}`,
      place: exception?.place ?? to.place,
      sources: from.sources,
      destinations: to.destinations.map((destination) => withPorts(destination, ports, probe)),
      probe,
      isProbeCertain: true,
      settings: exception === undefined ? settings : { ...settings, expect: exception.expect },
      // Of all pairs that are denied.
      hasOwnControl: false,
    }),
  ];
}

/** A name of a port is looked up in a pod or a Service. */
function refusePortNames(to: MatrixGroup, ports: readonly PortRef[], place: Place): void {
  const named = ports.find((port) => typeof port === 'string');
  const outside = to.destinations.find((one) => 'target' in one && ['ip', 'host', 'node'].includes(one.target.kind));
  if (named === undefined || outside === undefined) return;
  place.wrong(`port ${quote(named)} of ${quote(outside.text)} needs a pod, a workload or a Service`, 'give its number');
}

function isService(destination: MatrixGroup['destinations'][number]): boolean {
  return 'target' in destination && destination.target.kind === 'service';
}

function withProtocol(probe: SuiteProbe, protocol: Protocol | undefined): SuiteProbe {
  return probe.kind === 'connect' && protocol !== undefined ? { ...probe, protocol } : probe;
}

function withPorts(
  destination: MatrixGroup['destinations'][number],
  ports: PortRef[],
  probe: SuiteProbe,
): SuiteDestination {
  const isPortless = probe.kind !== 'connect' && probe.kind !== 'http';
  const protocol = (probe.kind === 'connect' ? probe.protocol : undefined) ?? 'tcp';
  return { ...destination, ports, ...(isPortless ? {} : { protocol }) };
}
