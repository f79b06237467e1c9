// SPDX-License-Identifier: Apache-2.0
import type { Fields } from '../manifests/fields.js';
import { quote } from '../targets/quote.js';
import { readSeedDestinations, withPort, type SeedDestination } from './seed-destination.js';
import { readSeedSource } from './seed-source.js';
import { readSeedObject, seedTest, withUniqueNames } from './seed-suite.js';
import type { SuiteProbe } from './suite-probe.js';
import type { Suite, SuiteDestination, SuiteTest } from './suite.js';

/** Layer 3 was `ping -c3`, layer 4 `nc -z`. */
const probes: Readonly<Record<string, SuiteProbe>> = {
  '3': { kind: 'ping', count: 3 },
  '4': { kind: 'connect', protocol: 'tcp' },
};

/**
 * A NetworkConnectivityTest (networkmachinery.io/v1alpha1), its admission rules included: layer 3 has no port, layer 4 must.
 * Each destination is a test.
 */
export function readNetworkConnectivityTest(object: Fields, file: string, warnings: string[]): Suite | undefined {
  return readSeedObject(object, file, 'NetworkConnectivityTest', (spec) => readTests(spec, warnings));
}

function readTests(spec: Fields, warnings: string[]): SuiteTest[] {
  const layer = spec.required('layer');
  const probe = layer === undefined || !Object.hasOwn(probes, layer) ? undefined : probes[layer];
  if (layer !== undefined && probe === undefined) {
    spec.at('layer').wrong(`there is no layer ${quote(layer)}`, 'allowed are "3" (ping) and "4" (TCP connect)');
  }
  const from = readSeedSource(spec, warnings);
  const destinations = readSeedDestinations(spec, warnings);
  const tests = destinations.flatMap((destination) => {
    const to = probe && readDestination(destination, probe);
    if (from === undefined || probe === undefined || to === undefined) return [];
    return [
      seedTest({ name: `${from.source.text} to ${to.text}`, place: destination.place, from, destination: to, probe }),
    ];
  });
  return withUniqueNames(tests);
}

function readDestination(
  { fields, text, port, what }: SeedDestination,
  probe: SuiteProbe,
): SuiteDestination | undefined {
  const hasPort = fields.has('port') && fields.raw('port') !== '';
  if (probe.kind === 'ping' && hasPort && fields.says('port')) {
    fields.at('port').wrong('layer 3 has no port', 'leave it out, or write layer: "4"');
  }
  if (probe.kind === 'connect' && !hasPort) fields.at('port').wrong('layer 4 needs a port', 'write port: "80"');
  if (what === 'anyNode') {
    fields.at('name').wrong('is needed with kind: node', 'only a NetworkDelayTest takes a node that is not named');
    return undefined;
  }
  const ports = port === undefined ? [] : [port];
  const protocol = probe.kind === 'connect' ? { protocol: 'tcp' as const } : {};
  if ('pods' in what) return { ...what.pods, ports, ...protocol };
  if (what.target.kind === 'node' && typeof port === 'string') {
    fields.at('port').wrong('a node has no named ports', 'give the number');
  }
  return { text: withPort(text, port), target: what.target, ports, ...protocol };
}
