// SPDX-License-Identifier: Apache-2.0
import type { Fields } from '../manifests/fields.js';
import { readChoice } from './scalars.js';
import { readSeedDestinations, withPort, type SeedDestination } from './seed-destination.js';
import { readSeedSource } from './seed-source.js';
import { readSeedObject, seedTest, withUniqueNames } from './seed-suite.js';
import type { Suite, SuiteDestination, SuiteTest } from './suite.js';

/** As many connects as a 95th percentile needs. */
const attempts = 20;

const udpUnsupported = 'UDP delay needs something that answers at the other end: there is no perf yet';

/**
 * A NetworkDelayTest (networkmachinery.io/v1alpha1): `tcp` is the time of TCP round trips, measured by connects. It named no
 * ports (qperf had its own server at the other end), so a pod without one is connected to at the first that it declares.
 */
export function readNetworkDelayTest(object: Fields, file: string, warnings: string[]): Suite | undefined {
  return readSeedObject(object, file, 'NetworkDelayTest', (spec) => readTests(spec, warnings));
}

function readTests(spec: Fields, warnings: string[]): SuiteTest[] {
  const protocol = readChoice(spec, 'protocol', ['tcp', 'udp'] as const);
  if (!spec.has('protocol')) spec.at('protocol').wrong('is needed', 'allowed are tcp, udp');
  const from = readSeedSource(spec, warnings);
  const destinations = readSeedDestinations(spec, warnings);
  const tests = destinations.flatMap((one): SuiteTest[] => {
    const destination = readDestination(one, protocol ?? 'tcp');
    if (from === undefined || protocol === undefined || destination === undefined) return [];
    const test = seedTest({
      name: `${from.source.text} to ${destination.text}`,
      place: one.place,
      from,
      destination,
      probe: { kind: 'connect', protocol, attempts },
    });
    return [protocol === 'udp' ? { ...test, unsupported: udpUnsupported } : test];
  });
  return withUniqueNames(tests);
}

/** Of a node, networkmachinery measured a pod that runs there, over the pod network. */
function readDestination(
  { fields, text, port, what }: SeedDestination,
  protocol: 'tcp' | 'udp',
): SuiteDestination | undefined {
  const named = port === undefined ? {} : { port };
  if (what === 'anyNode') return { kind: 'chosenPod', text, pod: { by: 'anotherNode' }, ...named };
  const ports = port === undefined ? [] : [port];
  if ('pods' in what) {
    if (port === undefined) fields.at('port').wrong('is needed with kind: selector', 'write port: "80"');
    return { ...what.pods, ports, protocol };
  }
  const { target } = what;
  if (target.kind === 'node') return { kind: 'chosenPod', text, pod: { by: 'node', node: target.name }, ...named };
  if (target.kind === 'pod' && port === undefined) {
    const { namespace = '', name } = target;
    return { kind: 'chosenPod', text, pod: { by: 'name', namespace, name } };
  }
  if (target.kind !== 'pod' && target.kind !== 'service' && port === undefined) {
    fields.at('port').wrong('is needed with kind: ip', 'write port: "80": TCP round trips are measured by connects');
  }
  return { text: withPort(text, port), target, ports, protocol };
}
