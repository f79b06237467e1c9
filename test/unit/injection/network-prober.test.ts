// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayReach, parseNetworkProber, selects, type ProberSpec } from '../../../src/injection/network-prober.js';

/** The manifest of k8s-network-prober's documentation. */
function manifest(spec: object = {}): object {
  return {
    apiVersion: 'probes.bigmikes.io/v1alpha1',
    kind: 'NetworkProber',
    metadata: { name: 'mesh-rtt', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { rtt: 'on' } },
      httpPort: '9191',
      pollingPeriod: '5s',
      httpPrometheusPort: '9192',
      agentImage: 'registry.example/net-prober:1',
      ...spec,
    },
  };
}

function parsed(object: object): ProberSpec {
  const result = parseNetworkProber(object);
  if ('faults' in result) throw new Error(result.faults.join('\n'));
  return result.prober;
}

function faultsOf(object: unknown): string[] {
  const result = parseNetworkProber(object);
  return 'faults' in result ? result.faults : [];
}

test('the manifest of k8s-network-prober is read', () => {
  expect(parsed(manifest())).toEqual({
    namespace: 'shop',
    name: 'mesh-rtt',
    mesh: 'shop/mesh-rtt',
    selector: { matchLabels: { rtt: 'on' }, matchExpressions: [] },
    pingPort: 9191,
    metricsPort: 9192,
    periodMs: 5000,
    image: 'registry.example/net-prober:1',
    neighbours: 10,
  });
});

test('what is left out has its default', () => {
  expect(parsed(manifest({ agentImage: undefined })).image).toBeUndefined();
  expect(parsed(manifest({ agentImage: '' })).image).toBeUndefined();
  expect(parsed(manifest({ neighbours: 0 })).neighbours).toBe(0);
});

test.each([
  [{ httpPort: 9191 }, 'spec.httpPort: must be a text with a number from 1 to 65535'],
  [{ httpPort: '0' }, 'spec.httpPort: must be a text with a number from 1 to 65535'],
  [{ httpPrometheusPort: 'metrics' }, 'spec.httpPrometheusPort: must be a text with a number from 1 to 65535'],
  [{ httpPrometheusPort: '9191' }, 'spec.httpPrometheusPort: must not be httpPort as well'],
  [{ pollingPeriod: '5' }, 'spec.pollingPeriod: "5" is no duration'],
  [{ pollingPeriod: undefined }, 'spec.pollingPeriod: a text is needed here'],
  [{ pollingPeriod: '0' }, 'spec.pollingPeriod: must be from 10ms to 24h'],
  [{ pollingPeriod: '25h' }, 'spec.pollingPeriod: must be from 10ms to 24h'],
  [{ podSelector: undefined }, 'spec.podSelector: a label selector is needed here'],
  [{ podSelector: { matchLabels: { a: 'b c' } } }, 'spec.podSelector.matchLabels: "a" and its value cannot be a label'],
  [
    { podSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: [] }] } },
    'spec.podSelector.matchExpressions[0]: key, one of In, NotIn, Exists, DoesNotExist, and values for In and NotIn only are needed',
  ],
  [{ neighbours: -1 }, 'spec.neighbours: must be a whole number from 0 to 1000000'],
  [{ agentImage: 7 }, 'spec.agentImage: must be a text'],
])('%j is a fault', (spec, fault) => {
  expect(faultsOf(manifest(spec))).toEqual([fault]);
});

test('a name that leaves no room for a namespace is a fault', () => {
  const named = (length: number) => ({ ...manifest(), metadata: { namespace: 'shop', name: 'n'.repeat(length) } });
  expect(faultsOf(named(189))).toEqual([]);
  expect(faultsOf(named(190))).toEqual(['metadata.name: has more than 189 characters']);
});

test('no object makes it throw', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(parseNetworkProber(value)).toHaveProperty('faults');
      parseNetworkProber({ ...manifest(), spec: value });
      parseNetworkProber(manifest({ podSelector: value, pollingPeriod: value }));
    }),
  );
});

/** As time.Duration.String of Go writes whole milliseconds, or as people write them. */
test('a Go duration has the value that its parts sum up to', () => {
  const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };
  const parts = fc.array(
    fc.tuple(fc.double({ min: 0, max: 1000, noNaN: true }), fc.constantFrom(...Object.entries(units))),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(parts, (words) => {
      const texts = words.map(([value, [unit, ms]]) => ({ number: value.toFixed(3), unit, ms }));
      const pollingPeriod = texts.map(({ number, unit }) => `${number}${unit}`).join('');
      const expected = texts.reduce((sum, { number, ms }) => sum + Number(number) * ms, 0);
      fc.pre(expected > 10.001 && expected < 86_000_000);
      expect(parsed(manifest({ pollingPeriod })).periodMs).toBeCloseTo(expected, 3);
    }),
  );
});

test('other namespaces are reached by their consent only', () => {
  const namespace = (metadata: object) => ({ metadata: { name: 'other', ...metadata } });
  const key = 'netmachinery.io/allow-prober-from';
  expect(mayReach(namespace({ name: 'shop' }), 'shop')).toBe(true);
  expect(mayReach(namespace({}), 'shop')).toBe(false);
  expect(mayReach(namespace({ labels: { [key]: 'shop' } }), 'shop')).toBe(true);
  expect(mayReach(namespace({ annotations: { [key]: 'ops, shop' } }), 'shop')).toBe(true);
  expect(mayReach(namespace({ annotations: { [key]: 'shopping' } }), 'shop')).toBe(false);
  expect(mayReach(namespace({ annotations: { [key]: '*' } }), 'shop')).toBe(false);
});

test('labels and expressions select together, and an empty selector selects every pod', () => {
  const own = { metadata: { name: 'shop' } };
  const prober = (podSelector: object) => parsed(manifest({ podSelector }));
  expect(selects(prober({}), own, undefined)).toBe(true);
  expect(selects(prober({}), { metadata: { name: 'other' } }, {})).toBe(false);
  const both = prober({
    matchLabels: { rtt: 'on' },
    matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['db'] }],
  });
  expect(selects(both, own, { rtt: 'on' })).toBe(true);
  expect(selects(both, own, { rtt: 'on', tier: 'db' })).toBe(false);
  expect(selects(both, own, { tier: 'web' })).toBe(false);
  const exists = prober({ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] });
  expect(selects(exists, own, { tier: 'web' })).toBe(false);
  expect(selects(exists, own, {})).toBe(true);
});
