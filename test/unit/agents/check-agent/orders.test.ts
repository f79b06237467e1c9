// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAgentEnvironment } from '../../../../src/agents/check-agent/environment.js';
import { agentOrders } from '../../../../src/agents/check-agent/orders.js';
import { payloadOf } from '../../../../src/agents/check-agent/probes/payload.js';
import { pauseMs } from '../../../../src/agents/check-agent/report/keep-reporting.js';
import { serverPlaces } from '../../../../src/agents/check-agent/report/server-places.js';
import { outcomeOf } from '../../../../src/agents/check-agent/round.js';
import { complaintOf, placeOf } from '../../../../src/agents/check-agent/target-place.js';
import { agentPodSpec } from '../../../../src/check/agent-pod.js';
import { Failure } from '../../../../src/errors/failure.js';

const settings = { intervalMs: 15_000, neighbours: 10, payloadEntries: 1500, urls: [] };
const target = { kind: 'agent', address: '198.18.1.2', port: 27090, probes: ['icmp', 'tcp'] };

describe('agentOrders', () => {
  it('takes orders as they are written', () => {
    const orders = { settings: { ...settings, externalName: 'example.com.' }, targets: [target] };
    expect(agentOrders(JSON.stringify(orders))).toEqual(orders);
  });

  it('leaves out what a newer server asks for', () => {
    const targets = [
      { ...target, probes: ['icmp', 'sctp'], colour: 'red' },
      { kind: 'moon', probes: [] },
    ];
    expect(agentOrders(JSON.stringify({ settings, targets })).targets).toEqual([{ ...target, probes: ['icmp'] }]);
  });

  it.each([
    ['no JSON', 'x', 'not JSON'],
    ['a list', '[]', 'an object'],
    ['no targets', JSON.stringify({ settings }), 'targets'],
    [
      'a name for an address',
      JSON.stringify({ settings, targets: [{ ...target, address: '-f/etc/passwd' }] }),
      'address',
    ],
    ['a short interval', JSON.stringify({ settings: { ...settings, intervalMs: 1 }, targets: [] }), 'intervalMs'],
    [
      'too large a payload',
      JSON.stringify({ settings: { ...settings, payloadEntries: 2e6 }, targets: [] }),
      'payloadEntries',
    ],
  ])('refuses %s', (_, text, words) => expect(() => agentOrders(text)).toThrow(words));

  it('throws nothing but a Failure for any JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.record({ settings: fc.constant(settings), targets: fc.jsonValue() }).map((o) => JSON.stringify(o)),
        ),
        (text) => {
          try {
            agentOrders(text);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(Failure);
          }
        },
      ),
    );
  });
});

describe('checkAgentEnvironment', () => {
  const own = { NODE_NAME: 'n1', POD_NAME: 'p1', POD_NAMESPACE: 'ns', POD_IPS: '198.18.1.2,2001:2::2' };
  const options = { network: 'pod', image: 'i', imagePullSecrets: [], nodeSelector: {}, tolerations: [] } as const;
  /** What the pod's spec sets, without what the downward API fills in. */
  const variablesOf = (until?: string): Record<string, string> => {
    const spec = agentPodSpec({ ...options, until }) as { containers: { env: { name: string; value?: string }[] }[] };
    return Object.fromEntries(
      spec.containers[0]?.env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])) ?? [],
    );
  };

  it('reads what the pods of both kinds of checks have', () => {
    expect(checkAgentEnvironment({ ...variablesOf(), ...own })).toEqual({
      own: { node: 'n1', network: 'pod', namespace: 'ns', pod: 'p1', ips: ['198.18.1.2', '2001:2::2'] },
      port: 27090,
      server: {
        name: 'netmachinery-check-server.netmachinery-check.svc',
        token: '/var/run/secrets/netmachinery/token',
        authority: '/var/run/secrets/netmachinery-authority/ca.crt',
      },
    });
    const once = checkAgentEnvironment({ ...variablesOf('2030-01-31T12:00:00Z'), ...own });
    expect(once).toMatchObject({ port: 27091, untilMs: Date.UTC(2030, 0, 31, 12) });
    expect(once.server).toBeUndefined();
  });

  it.each([
    ['NODE_NAME', ''],
    ['POD_IPS', '198.18.1.2,x'],
    ['NETMACHINERY_CHECK_NETWORK', 'both'],
    ['NETMACHINERY_CHECK_PORT', '0x10'],
    ['NETMACHINERY_CHECK_UNTIL', 'tomorrow'],
    ['NETMACHINERY_CHECK_TOKEN', ''],
  ])('names %s', (name, value) =>
    expect(() => checkAgentEnvironment({ ...variablesOf(), ...own, [name]: value })).toThrow(name),
  );
});

describe('where an agent goes', () => {
  it('reads URLs and targets', () => {
    expect(placeOf({ kind: 'url', url: 'https://[2001:2::5]:8443/a?b', probes: [] })).toEqual({
      address: '2001:2::5',
      port: 8443,
      path: '/a?b',
      tls: { verify: true },
    });
    expect(placeOf({ kind: 'url', url: 'http://shop.example/', probes: [] })).toEqual({
      host: 'shop.example',
      port: 80,
      path: '/',
    });
    expect(placeOf({ kind: 'api', address: '198.18.0.1', port: 443, tls: true, probes: [] })).toMatchObject({
      path: '/readyz',
      tls: { verify: false },
    });
    for (const url of ['ftp://x/', 'x']) expect(placeOf({ kind: 'url', url, probes: [] })).toBeUndefined();
  });

  it('judges statuses by whom it asks', () => {
    expect(complaintOf('agent', 200)).toBeUndefined();
    expect(complaintOf('agent', 404)).toBe('status 404');
    expect(complaintOf('url', 301)).toBeUndefined();
    expect(complaintOf('url', 404)).toBe('status 404');
    expect(complaintOf('api', 403)).toBeUndefined();
    expect(complaintOf('api', 503)).toBe('status 503');
  });

  it('reports to the name, then to virtual addresses, then to endpoints', () => {
    const of = { kind: 'server' as const, port: 27443, probes: [] };
    expect(
      serverPlaces([
        { ...of, via: 'endpoint', address: '198.18.1.7' },
        { ...of, via: 'virtual', address: '198.18.0.9', port: 443 },
        { ...of, via: 'name', host: 's.ns.svc', port: 443 },
        { kind: 'api', via: 'virtual', address: '198.18.0.1', port: 443, probes: [] },
      ]),
    ).toEqual([{ port: 443 }, { address: '198.18.0.9', port: 443 }, { address: '198.18.1.7', port: 27443 }]);
  });

  it('begins a round each interval, give or take a tenth', () => {
    expect(pauseMs(15_000, true, 1000, 0)).toBeCloseTo(12_500);
    expect(pauseMs(15_000, true, 1000, 1)).toBeCloseTo(15_500);
    expect(pauseMs(15_000, true, 60_000, 1)).toBe(0);
    expect(pauseMs(15_000, false, 60_000, 0.5)).toBe(2500);
  });
});

it('sends 2 N + 1 bytes of JSON', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (entries) => {
      const payload = payloadOf(entries);
      expect(payload.length).toBe(2 * entries + 1);
      expect(JSON.parse(payload)).toEqual(Array<number>(entries).fill(0));
    }),
  );
  expect(payloadOf(0)).toBe('[]');
});

it('tells of a target what its probes found, and the first detail', () => {
  const made = outcomeOf({ kind: 'agent', node: 'n1', address: '198.18.1.2', probes: ['mtu', 'http', 'tcp'] }, [
    ['mtu', { value: 0.3, mtuBytes: 1500 }],
    ['http', { value: 'status', detail: 'status 503' }],
    ['tcp', { value: 'other', detail: 'x' }],
  ]);
  expect(made).toEqual({
    kind: 'agent',
    node: 'n1',
    address: '198.18.1.2',
    values: { mtu: 0.3, http: 'status', tcp: 'other' },
    mtuBytes: 1500,
    detail: 'status 503',
  });
});
