// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { Destination, DestinationScope, PortRequest } from '../../../src/targets/destination.js';
import { serviceDestinations } from '../../../src/targets/service-destinations.js';
import { recordedPod, recordedService } from './recorded.js';
import { refusal } from './refusal.js';

const connect: DestinationScope = { verb: 'connect', protocols: [], families: [4, 6] };
const ipv4: DestinationScope = { ...connect, families: [4] };
const ping: DestinationScope = { ...connect, verb: 'ping' };

function resolve(name: string, ports: PortRequest['ports'], scope: DestinationScope, prefix = '') {
  const { service, slices } = recordedService(name, prefix);
  return serviceDestinations({ text: `svc/${name}`, ports }, service, slices, scope);
}

/** Role, address and port, which is what a probe needs. */
function brief(destinations: Destination[]): string[] {
  return destinations.map(({ role, address, host, port, protocol, emptyReason, pod }) =>
    [role, pod?.name, host ?? address, port, protocol, emptyReason].filter((part) => part !== undefined).join(' '),
  );
}

const address = (name: string, family: 4 | 6 = 4) => recordedPod(name).status?.podIPs?.[family === 4 ? 0 : 1]?.ip;
const virtual = (name: string) => recordedService(name).service.spec.clusterIPs ?? [];

describe('a Service', () => {
  test('is its virtual addresses and each ready endpoint at the port that backs its port there', () => {
    const { destinations, notes } = resolve('mixed', [80], connect);
    expect(brief(destinations)).toEqual([
      `virtual ${virtual('mixed')[0]} 80 tcp`,
      `virtual ${virtual('mixed')[1]} 80 tcp`,
      `endpoint new ${address('new')} 9090 tcp`,
      `endpoint new ${address('new', 6)} 9090 tcp`,
      `endpoint old ${address('old')} 8080 tcp`,
      `endpoint old ${address('old', 6)} 8080 tcp`,
    ]);
    expect(notes).toEqual([]);
    expect(destinations[0]).toEqual({
      ref: 'svc/mixed',
      kind: 'service',
      role: 'virtual',
      namespace: 'targets',
      name: 'mixed',
      address: virtual('mixed')[0],
      family: 4,
      port: 80,
      portName: 'http',
      protocol: 'tcp',
    });
    expect(destinations[4]).toEqual({
      ref: 'svc/mixed',
      kind: 'endpoint',
      role: 'endpoint',
      namespace: 'targets',
      name: 'old',
      pod: { namespace: 'targets', name: 'old' },
      address: address('old'),
      family: 4,
      port: 8080,
      portName: 'http',
      protocol: 'tcp',
      node: 'node1',
    });
  });

  test('is dialled at every port of the protocol where none is named', () => {
    expect(brief(resolve('web', [], ipv4, 'shop-').destinations).map((line) => line.replace(/ [\d.]+ /, ' '))).toEqual([
      'virtual 80 tcp',
      'virtual 443 tcp',
      expect.stringMatching(/^endpoint web-\S+ 8080 tcp$/),
      expect.stringMatching(/^endpoint web-\S+ 8080 tcp$/),
      expect.stringMatching(/^endpoint web-\S+ 8443 tcp$/),
      expect.stringMatching(/^endpoint web-\S+ 8443 tcp$/),
    ]);
  });

  test('has the same port number for two protocols', () => {
    const udp = resolve('two-protocols', [80], { ...ipv4, protocols: ['udp'] }).destinations;
    expect(new Set(udp.map(({ role, port, protocol }) => `${role} ${port} ${protocol}`))).toEqual(
      new Set(['virtual 80 udp', 'endpoint 9000 udp']),
    );
    const both = resolve('two-protocols', ['http', 'echo'], { ...ipv4, protocols: ['tcp', 'udp'] }).destinations;
    expect(both.filter(({ role }) => role === 'virtual').map(({ protocol }) => protocol)).toEqual(['tcp', 'udp']);
    expect(both.filter(({ role }) => role === 'endpoint')).toHaveLength(6);
  });

  test('refuses ports it does not have, and says which it has', () => {
    const failure = refusal(() => resolve('two-protocols', [81], connect));
    expect(failure.message).toBe('"svc/two-protocols": service targets/two-protocols has no TCP port 81');
    expect(failure.hint).toBe('it has 80/tcp (http), 80/udp (echo)');
    expect(refusal(() => resolve('two-protocols', ['echo'], connect)).hint).toContain('use --protocol udp');
    expect(refusal(() => resolve('mixed', [], { ...connect, protocols: ['udp'] })).hint).toContain(
      'use --protocol tcp',
    );
  });

  test('is pinged once an address; its virtual address is informational', () => {
    const { destinations } = resolve('web', [], ping, 'shop-');
    expect(destinations.map(({ role }) => role)).toEqual([
      'virtual',
      'virtual',
      'endpoint',
      'endpoint',
      'endpoint',
      'endpoint',
    ]);
    expect(destinations.every(({ port, protocol }) => port === undefined && protocol === undefined)).toBe(true);
    expect(destinations.map(({ informational }) => informational)).toEqual([
      true,
      true,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a Service without', () => {
  test('endpoints is its virtual addresses, and says so', () => {
    const { destinations } = resolve('empty', [80], ipv4, 'shop-');
    expect(destinations.map(({ role }) => role)).toEqual(['virtual', 'endpoint']);
    expect(destinations[1]).toMatchObject({
      kind: 'service',
      name: 'empty',
      emptyReason: 'NoEndpoints',
      emptyMessage: 'service shop/empty has no ready endpoints for port 80/tcp',
      port: 80,
    });
    expect(resolve('empty', [], ping, 'shop-').destinations.at(-1)).toMatchObject({ emptyReason: 'NoEndpoints' });
  });

  test('ready endpoints, unless it publishes those that are not', () => {
    expect(brief(resolve('late', [80], ipv4).destinations).at(-1)).toBe('endpoint 80 tcp NoEndpoints');
    expect(brief(resolve('eager', [80], ipv4).destinations).at(-1)).toBe(
      `endpoint unready ${address('unready')} 9091 tcp`,
    );
  });

  test('a container port of the name it targets', () => {
    expect(brief(resolve('misnamed', [80], ipv4).destinations).at(-1)).toBe('endpoint 80 tcp NoEndpoints');
  });

  test('an address of the wanted family', () => {
    expect(resolve('single-stack', [80], connect).destinations.every(({ family }) => family === 4)).toBe(true);
    expect(resolve('single-stack', [80], { ...connect, families: [6] }).destinations).toEqual([
      expect.objectContaining({
        emptyReason: 'NoAddress',
        emptyMessage: 'service targets/single-stack has no IPv6 address',
      }),
    ]);
  });

  test('pods behind its endpoints has addresses all the same', () => {
    const { destinations } = resolve('manual', [80], ipv4, 'shop-');
    expect(destinations.at(-1)).toMatchObject({ role: 'endpoint', address: '198.18.100.1', port: 18080 });
    expect(destinations.at(-1)?.pod).toBeUndefined();
  });
});

describe('a headless Service', () => {
  test('is its endpoints, and clients of its name are told apart', () => {
    const { destinations, notes } = resolve('web-headless', [80], ipv4, 'shop-');
    expect(destinations.map(({ role, port }) => `${role} ${port}`)).toEqual(['endpoint 8080', 'endpoint 8080']);
    expect(notes).toEqual(['svc/web-headless is headless: tests dial its pods at 8080, clients of its name at 80']);
  });

  test('without ports is dialled at any', () => {
    expect(brief(resolve('bare', [8080], ipv4).destinations)).toHaveLength(3);
    expect(resolve('bare', [8080], ipv4).destinations.every(({ port }) => port === 8080)).toBe(true);
    expect(refusal(() => resolve('bare', [], connect)).hint).toBe('it has no ports: give a number');
  });
});

describe('an external Service', () => {
  test('is its host name in each family', () => {
    const { destinations, notes } = resolve('outside', [443], connect);
    expect(brief(destinations)).toEqual(['host a.example 443 tcp', 'host a.example 443 tcp']);
    expect(destinations.map(({ family }) => family)).toEqual([4, 6]);
    expect(notes).toEqual(['svc/outside is the external name a.example']);
    expect(brief(resolve('outside', [], ping).destinations)).toEqual(['host a.example', 'host a.example']);
  });
});
