// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LabelSelector, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../../src/kube/objects.js';
import type { PodParty } from '../../../src/policies/connection.js';
import { evaluatePolicies } from '../../../src/policies/evaluate-policies.js';
import { evaluationLines } from '../../../src/policies/evaluation-text.js';
import { allowedFlows, everyPort, type World, type WorldPod } from './reference-policies.js';

const nameLabel = 'kubernetes.io/metadata.name';
const names = ['shop', 'bank'];
const value = fc.constantFrom('a', 'b');
const labels = fc.dictionary(fc.constantFrom('app', 'tier'), value, { maxKeys: 2 });

function selector(keys: string[], values: fc.Arbitrary<string>): fc.Arbitrary<LabelSelector> {
  const key = fc.constantFrom(...keys);
  const expression = fc.oneof(
    fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values: fc.uniqueArray(values, { minLength: 1 }) }),
    fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  );
  return fc.record(
    {
      matchLabels: fc.dictionary(key, values, { maxKeys: 1 }),
      matchExpressions: fc.array(expression, { maxLength: 1 }),
    },
    { requiredKeys: [] },
  );
}

const podSelector = selector(['app', 'tier'], value);
const namespaceSelector = selector(['team', nameLabel], fc.constantFrom('a', 'b', ...names));
const cidr = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 28, max: 32 })).map(([last, length]) => {
  const mask = 256 - 2 ** (32 - length);
  return `10.0.0.${last & mask}/${length}`;
});
const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
  fc.record({ podSelector }),
  fc.record({ namespaceSelector }),
  fc.record({ podSelector, namespaceSelector }),
  fc.record({ ipBlock: fc.record({ cidr, except: fc.array(cidr, { maxLength: 2 }) }, { requiredKeys: ['cidr'] }) }),
);
const protocol = fc.constantFrom('TCP', 'UDP');
const port: fc.Arbitrary<NetworkPolicyPort> = fc.oneof(
  fc.record({ protocol }, { requiredKeys: [] }),
  fc.record({ protocol, port: fc.constantFrom<number | string>(80, 53, 'http', 'dns') }, { requiredKeys: ['port'] }),
  fc.record({ protocol, port: fc.constant(52), endPort: fc.constantFrom(52, 53, 80) }, { requiredKeys: ['port'] }),
);
const rule = <Key extends string>(peers: Key) => {
  const ports = fc.array(port, { maxLength: 2 });
  const lists = fc.record({ [peers]: fc.array(peer, { maxLength: 2 }), ports }, { requiredKeys: [] });
  return fc.array(lists as fc.Arbitrary<Record<Key, NetworkPolicyPeer[]> & { ports: NetworkPolicyPort[] }>, {
    maxLength: 2,
  });
};
const spec: fc.Arbitrary<NetworkPolicy['spec']> = fc.record(
  {
    podSelector,
    policyTypes: fc.subarray(['Ingress', 'Egress']),
    ingress: rule('from'),
    egress: rule('to'),
  },
  { requiredKeys: [] },
);
const policies = fc
  .array(fc.tuple(fc.constantFrom(...names), spec), { maxLength: 4 })
  .map((all) => all.map(([namespace, each], index) => ({ metadata: { name: `p${index}`, namespace }, spec: each })));

const teams = [{}, { team: 'a' }, { team: 'b' }] as const;
const named = (name: string, team: Record<string, string>) => ({ [nameLabel]: name, ...team });
const containerPort = fc.record({
  name: fc.constantFrom('http', 'dns'),
  port: fc.constantFrom(80, 81, 8080),
  protocol,
});
const pods: fc.Arbitrary<WorldPod[]> = fc
  .array(
    fc.record({ namespace: fc.constantFrom(...names), labels, ports: fc.array(containerPort, { maxLength: 2 }) }),
    {
      minLength: 2,
      maxLength: 4,
    },
  )
  .map((all) => all.map((each, index) => ({ ...each, id: `pod${index}`, ip: `10.0.0.${index * 2}` })));
const world: fc.Arbitrary<World> = fc.record({
  namespaces: fc
    .tuple(fc.constantFrom(...teams), fc.constantFrom(...teams))
    .map((chosen) => Object.fromEntries(names.map((name, index) => [name, named(name, chosen[index] ?? {})]))),
  pods,
  policies,
});

function party({ id, namespace, ip, labels: own, ports }: WorldPod): PodParty {
  const lower = ports.map((each) => ({ ...each, protocol: each.protocol.toLowerCase() as 'tcp' | 'udp' }));
  return { kind: 'pod', namespace, name: id, address: ip, facts: { labels: own, ports: lower } };
}

/** Every flow of a world, with what the evaluation says when some namespaces' labels and policies are hidden from it. */
function* evaluated(
  { pods: all, policies: every, namespaces }: World,
  hidden: { labels: string[]; policies: string[] },
) {
  const facts = {
    policies: (name: string) =>
      hidden.policies.includes(name) ? undefined : every.filter(({ metadata }) => metadata.namespace === name),
    namespaceLabels: (name: string) => (hidden.labels.includes(name) ? undefined : namespaces[name]),
  };
  for (const source of all) {
    for (const destination of all) {
      for (const each of everyPort) {
        const [transport = '', number] = each.split('/');
        const found = evaluatePolicies(
          {
            source: party(source),
            destination: party(destination),
            protocol: transport.toLowerCase() as 'tcp' | 'udp',
            port: Number(number),
          },
          facts,
        );
        yield { flow: `${source.id}>${destination.id} ${each}`, found, destination };
      }
    }
  }
}

it('is what the lists of all single flows say, where everything is known', () => {
  fc.assert(
    fc.property(world, (known) => {
      const allowed = allowedFlows(known);
      for (const { flow, found } of evaluated(known, { labels: [], policies: [] })) {
        expect(`${flow} ${found.text}`).toBe(`${flow} ${allowed.has(flow) ? 'allow' : 'deny'}`);
      }
    }),
    { numRuns: 400 },
  );
});

it('claims nothing that is not so in every world that what is hidden may be', () => {
  const hidden = fc.record({ labels: fc.subarray(names), policies: fc.subarray(names, { maxLength: 1 }) });
  const closed = (namespace: string): NetworkPolicy => ({
    metadata: { name: 'closed', namespace },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
  fc.assert(
    fc.property(world, hidden, (known, unread) => {
      const labelled = unread.labels.reduce<World[]>(
        (worlds, name) =>
          worlds.flatMap((each) =>
            teams.map((team) => ({ ...each, namespaces: { ...each.namespaces, [name]: named(name, team) } })),
          ),
        [known],
      );
      const possible = unread.policies.reduce<World[]>(
        (worlds, name) =>
          worlds.flatMap((each) => {
            const others = each.policies.filter(({ metadata }) => metadata.namespace !== name);
            return [each, { ...each, policies: others }, { ...each, policies: [...others, closed(name)] }];
          }),
        labelled,
      );
      const flows = possible.map(allowedFlows);
      for (const { flow, found } of evaluated(known, unread)) {
        const answers = new Set(flows.map((allowed) => (allowed.has(flow) ? 'allow' : 'deny')));
        if (found.text !== 'unknown') expect([flow, ...answers]).toEqual([flow, found.text]);
        else expect([...found.egress.doubts, ...found.ingress.doubts]).not.toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
});

it('can be put in words, whatever it is', () => {
  fc.assert(
    fc.property(world, fc.subarray(names), (known, unread) => {
      for (const { found, destination } of evaluated(known, { labels: unread, policies: [] })) {
        const lines = evaluationLines(found, party(destination));
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect(line).toMatch(/^\S.*\S$/);
      }
    }),
    { numRuns: 50 },
  );
});
