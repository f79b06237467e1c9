// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../../src/kube/objects.js';
import type { Connection } from '../../../src/policies/connection.js';
import { evaluatePolicies } from '../../../src/policies/evaluate-policies.js';
import { api, client, connection, facts, node, outside, pod, policy } from './policies.js';

const text = (more: Partial<Connection>, ...policies: NetworkPolicy[]) =>
  evaluatePolicies(connection(more), facts(...policies)).text;
/** What an ingress policy of `shop` with one rule says. */
const from = (peers: NetworkPolicyPeer[], more: Partial<Connection> = {}) =>
  text(more, policy({ policyTypes: ['Ingress'], ingress: [{ from: peers }] }));
const toPorts = (ports: NetworkPolicyPort[], more: Partial<Connection> = {}) =>
  text(more, policy({ policyTypes: ['Ingress'], ingress: [{ ports }] }));
const elsewhere = pod('client', { app: 'client' }, { namespace: 'bank', address: '198.19.7.7' });
const app = (name: string) => ({ matchLabels: { app: name } });
const team = (name: string) => ({ matchLabels: { team: name } });

describe('isolation', () => {
  it('is none where no policy selects', () => {
    expect(text({})).toBe('allow');
    expect(text({}, policy({ podSelector: app('other') }))).toBe('allow');
    expect(text({}, policy({}, 'p', 'bank'))).toBe('allow');
  });

  it('is of all pods by an empty selector, and by an absent one', () => {
    expect(text({}, policy({ podSelector: {} }))).toBe('deny');
    const { metadata } = policy({});
    expect(text({}, { metadata, spec: { policyTypes: ['Ingress'] } })).toBe('deny');
  });

  it('needs both ends to allow a connection', () => {
    const out = policy({ podSelector: app('client'), policyTypes: ['Egress'], egress: [{}] }, 'out');
    const closed = policy({ podSelector: app('api'), policyTypes: ['Ingress'] }, 'in');
    const open = policy({ podSelector: app('api'), policyTypes: ['Ingress'], ingress: [{}] }, 'open');
    expect(text({}, out, closed)).toBe('deny');
    expect(text({}, out, open)).toBe('allow');
    expect(text({}, { ...out, spec: { ...out.spec, egress: [] } }, open)).toBe('deny');
  });

  it('is lifted by any of the policies: they add up', () => {
    const closed = policy({ policyTypes: ['Ingress'] }, 'closed');
    const open = policy({ policyTypes: ['Ingress'], ingress: [{}] }, 'open');
    expect(text({}, closed, open)).toBe('allow');
    const { ingress } = evaluatePolicies(connection(), facts(closed, open));
    expect(ingress.selecting.map(({ metadata }) => metadata.name)).toEqual(['closed', 'open']);
    expect(ingress.allowing.map(({ policy: { metadata } }) => metadata.name)).toEqual(['open']);
  });
});

describe('policyTypes', () => {
  const sides = (spec: NetworkPolicy['spec']) => {
    const { egress, ingress } = evaluatePolicies(connection(), facts(policy(spec)));
    return [egress, ingress].map(({ selecting }) => selecting.length);
  };

  it('absent or empty are Ingress, and Egress too where there are egress rules', () => {
    expect(sides({})).toEqual([0, 1]);
    expect(sides({ policyTypes: [] })).toEqual([0, 1]);
    expect(sides({ egress: [] })).toEqual([0, 1]);
    expect(sides({ egress: [{}] })).toEqual([1, 1]);
    expect(sides({ ingress: [{}] })).toEqual([0, 1]);
  });

  it('given are what counts, whatever rules there are', () => {
    expect(sides({ policyTypes: ['Egress'] })).toEqual([1, 0]);
    expect(sides({ policyTypes: ['Ingress'], egress: [{}] })).toEqual([0, 1]);
    expect(sides({ policyTypes: ['Ingress', 'Egress'] })).toEqual([1, 1]);
    expect(text({}, policy({ policyTypes: ['Egress'], ingress: [], egress: [{}] }))).toBe('allow');
  });
});

describe('a rule', () => {
  it('without peers and ports, or with empty lists of them, allows everything', () => {
    expect(text({}, policy({ ingress: [{}] }))).toBe('allow');
    expect(text({}, policy({ ingress: [{ from: [], ports: [] }] }))).toBe('allow');
  });

  it('wants a peer and a port; another rule is another way', () => {
    const tcp = (port: number) => [{ protocol: 'TCP', port }];
    const rule = { from: [{ podSelector: app('client') }], ports: tcp(1) };
    expect(text({}, policy({ ingress: [rule] }))).toBe('deny');
    expect(text({}, policy({ ingress: [{ from: [{ podSelector: app('x') }], ports: tcp(8080) }] }))).toBe('deny');
    expect(text({}, policy({ ingress: [rule, { from: [], ports: tcp(8080) }] }))).toBe('allow');
  });
});

describe('a peer', () => {
  it('by podSelector is of the namespace of the policy', () => {
    expect(from([{ podSelector: app('client') }])).toBe('allow');
    expect(from([{ podSelector: app('other') }])).toBe('deny');
    expect(from([{ podSelector: app('client') }], { source: elsewhere })).toBe('deny');
    expect(from([{ podSelector: {} }])).toBe('allow');
    expect(from([{ podSelector: {} }], { source: elsewhere })).toBe('deny');
  });

  it('by namespaceSelector is every pod of those, the own namespace only where it is selected', () => {
    expect(from([{ namespaceSelector: team('b') }], { source: elsewhere })).toBe('allow');
    expect(from([{ namespaceSelector: team('b') }])).toBe('deny');
    expect(from([{ namespaceSelector: {} }], { source: elsewhere })).toBe('allow');
    expect(from([{ namespaceSelector: {} }])).toBe('allow');
  });

  it('by both has to satisfy both; two peers are two ways', () => {
    const both = { namespaceSelector: team('b'), podSelector: app('client') };
    expect(from([both], { source: elsewhere })).toBe('allow');
    expect(from([both])).toBe('deny');
    expect(from([{ ...both, podSelector: app('x') }], { source: elsewhere })).toBe('deny');
    const either = [{ namespaceSelector: team('b') }, { podSelector: app('client') }];
    expect(from(either)).toBe('allow');
    expect(from(either, { source: pod('x', {}, { namespace: 'bank' }) })).toBe('allow');
    expect(from(either, { source: pod('x', {}) })).toBe('deny');
  });

  it('by matchExpressions follows the selectors of labels', () => {
    const by = (operator: string, values?: string[]) =>
      from([{ podSelector: { matchExpressions: [{ key: 'app', operator, ...(values && { values }) }] } }]);
    expect([by('In', ['client', 'x']), by('In', ['x'])]).toEqual(['allow', 'deny']);
    expect([by('NotIn', ['x']), by('NotIn', ['client'])]).toEqual(['allow', 'deny']);
    expect([by('Exists'), by('DoesNotExist')]).toEqual(['allow', 'deny']);
  });

  it('by ipBlock is an address in it and in none of its exceptions, of its own family', () => {
    const block = (cidr: string, ...except: string[]) => from([{ ipBlock: { cidr, except } }]);
    expect(block('198.19.0.0/16')).toBe('allow');
    expect(block('198.19.0.9/32')).toBe('allow');
    expect(block('198.19.0.8/32')).toBe('deny');
    expect(block('198.19.0.0/16', '198.19.0.0/29')).toBe('allow');
    expect(block('198.19.0.0/16', '198.19.0.8/29')).toBe('deny');
    expect(block('0.0.0.0/0')).toBe('allow');
    expect(block('::/0')).toBe('deny');
    const six = pod('six', {}, { address: '2001:2:1::9' });
    expect(from([{ ipBlock: { cidr: '2001:2::/48' } }], { source: six })).toBe('deny');
    expect(from([{ ipBlock: { cidr: '2001:2::/32' } }], { source: six })).toBe('allow');
  });

  it('of a kind that is not known here is unknown', () => {
    expect(from([{}])).toBe('unknown');
    expect(from([{}, { podSelector: {} }])).toBe('allow');
  });
});

describe('a port', () => {
  it('is TCP unless it says otherwise', () => {
    expect(toPorts([{ port: 8080 }])).toBe('allow');
    expect(toPorts([{ port: 8080 }], { protocol: 'udp' })).toBe('deny');
    expect(toPorts([{ protocol: 'UDP', port: 8080 }], { protocol: 'udp' })).toBe('allow');
    expect(toPorts([{ protocol: 'SCTP', port: 8080 }])).toBe('deny');
    expect(toPorts([{ protocol: 'SCTP', port: 8080 }], { protocol: 'sctp' })).toBe('allow');
  });

  it('without a number is every port of its protocol', () => {
    expect(toPorts([{ protocol: 'TCP' }])).toBe('allow');
    expect(toPorts([{}])).toBe('allow');
    expect(toPorts([{ protocol: 'UDP' }])).toBe('deny');
  });

  it('with endPort is a range with both its ends', () => {
    const range = (port: number) => toPorts([{ port: 8000, endPort: 8002 }], { port });
    expect([7999, 8000, 8001, 8002, 8003].map(range)).toEqual(['deny', 'allow', 'allow', 'allow', 'deny']);
  });

  it('by name is that port of the destination, of the same protocol', () => {
    expect(toPorts([{ port: 'http' }])).toBe('allow');
    expect(toPorts([{ port: 'http' }], { port: 8081 })).toBe('deny');
    expect(toPorts([{ port: 'http', protocol: 'UDP' }], { protocol: 'udp', port: 8081 })).toBe('allow');
    expect(toPorts([{ port: 'dns' }], { port: 53 })).toBe('deny');
    expect(toPorts([{ port: 'none' }])).toBe('deny');
  });

  it('of an egress rule is named by the destination as well', () => {
    const out = policy({
      podSelector: app('client'),
      policyTypes: ['Egress'],
      egress: [{ ports: [{ port: 'http' }] }],
    });
    const facts = { labels: {}, ports: [{ name: 'http', port: 81, protocol: 'tcp' as const }] };
    const other = { ...api, facts };
    expect(text({ destination: other, port: 81 }, out)).toBe('allow');
    expect(text({ destination: other, port: 8080 }, out)).toBe('deny');
    expect(text({ destination: outside('192.0.2.1'), port: 81 }, out)).toBe('deny');
  });
});

describe('ICMP', () => {
  const ping = { protocol: 'none', port: undefined } as const;

  it('is allowed where nothing isolates, and left open where something does', () => {
    expect(text(ping)).toBe('allow');
    expect(text(ping, policy({ podSelector: app('other') }))).toBe('allow');
    expect(text(ping, policy({}))).toBe('unknown');
    expect(text(ping, policy({ ingress: [{}] }))).toBe('unknown');
    expect(toPorts([{ protocol: 'TCP' }], ping)).toBe('unknown');
    expect(evaluatePolicies(connection(ping), facts(policy({}))).ingress.doubts[0]).toMatch(/ICMP/);
  });
});

describe('nodes', () => {
  const closed = policy({});

  it('always reach the pods that they run, and others as addresses do', () => {
    expect(text({ source: node('node1') }, closed)).toBe('allow');
    expect(text({ source: node('node2') }, closed)).toBe('deny');
    const source = node('node2', '198.18.0.2');
    expect(from([{ podSelector: {}, namespaceSelector: {} }], { source })).toBe('deny');
    expect(from([{ ipBlock: { cidr: '198.18.0.2/32' } }], { source })).toBe('allow');
  });

  it('are always reached by their own pods, and by others as addresses are', () => {
    const out = policy({ policyTypes: ['Egress'] });
    expect(text({ destination: node('node1') }, out)).toBe('allow');
    expect(text({ destination: node('node2') }, out)).toBe('deny');
    expect(text({ destination: node('node1'), protocol: 'none' }, out)).toBe('allow');
  });

  it('are selected by nothing: pods in their network are outside', () => {
    expect(text({ source: node('node2'), destination: node('node1') }, closed)).toBe('allow');
  });
});

it('a pod cannot block access to itself', () => {
  const both = policy({ policyTypes: ['Ingress', 'Egress'] });
  expect(text({ source: api, destination: api }, both)).toBe('allow');
  expect(text({ source: api, destination: { ...api, namespace: 'bank' } }, both)).toBe('deny');
});

describe('what may not be read', () => {
  const says = (more: Partial<Connection>, known: Partial<ReturnType<typeof facts>>, ...policies: NetworkPolicy[]) =>
    evaluatePolicies(connection(more), { ...facts(...policies), ...known });
  const inBank = { source: elsewhere };
  const noLabels = { namespaceLabels: () => undefined };

  it('of policies leaves open all but a denial by the other end', () => {
    const bank = { policies: (namespace: string) => (namespace === 'bank' ? undefined : []) };
    expect(says(inBank, bank).text).toBe('unknown');
    expect(says(inBank, bank).egress.doubts).toEqual(['the NetworkPolicies of bank could not be read']);
    const closed = { policies: (namespace: string) => (namespace === 'bank' ? undefined : [policy({})]) };
    expect(says(inBank, closed).text).toBe('deny');
  });

  it("of a namespace's labels does not matter where its name or another rule decides", () => {
    const by = (namespaceSelector: NetworkPolicyPeer['namespaceSelector'], more: NetworkPolicyPeer[] = []) =>
      says(
        inBank,
        noLabels,
        policy({ ingress: [{ from: [{ namespaceSelector: namespaceSelector ?? {} }, ...more] }] }),
      );
    const named = (...values: string[]) => ({ key: 'kubernetes.io/metadata.name', operator: 'In', values });
    expect(by(team('b')).text).toBe('unknown');
    expect(by(team('b')).ingress.doubts).toEqual(['the labels of namespace bank could not be read']);
    expect(by({}).text).toBe('allow');
    expect(by({ matchLabels: { 'kubernetes.io/metadata.name': 'bank' } }).text).toBe('allow');
    expect(by({ matchLabels: { 'kubernetes.io/metadata.name': 'shop', team: 'b' } }).text).toBe('deny');
    expect(by({ ...team('b'), matchExpressions: [named('bank')] }).text).toBe('unknown');
    expect(by({ ...team('b'), matchExpressions: [named('shop')] }).text).toBe('deny');
    expect(by(team('b'), [{ ipBlock: { cidr: '198.19.7.0/24' } }]).text).toBe('allow');
  });

  it('of a pod leaves open what depends on its labels, its ports and its network', () => {
    const unread = { ...api, facts: undefined };
    expect(says({ destination: unread }, {}).text).toBe('allow');
    expect(says({ destination: unread }, {}, policy({})).text).toBe('unknown');
    const out = (to: NetworkPolicyPeer[], ports: NetworkPolicyPort[] = []) =>
      says(
        { destination: unread },
        {},
        policy({ podSelector: app('client'), policyTypes: ['Egress'], egress: [{ to, ports }] }),
      );
    expect(out([{ podSelector: app('api') }]).text).toBe('unknown');
    expect(out([{ podSelector: app('api') }], [{ port: 1 }]).text).toBe('deny');
    expect(out([], [{ port: 'http' }]).text).toBe('unknown');
    expect(out([], [{ port: 8080 }]).text).toBe('allow');
    expect(out([{ ipBlock: { cidr: '192.0.2.0/24' } }]).text).toBe('deny');
  });
});

describe('an address', () => {
  const out = (to: NetworkPolicyPeer[], ports: NetworkPolicyPort[] = []) =>
    policy({ policyTypes: ['Egress'], egress: [{ to, ports }] });
  const every = [{ namespaceSelector: {} }];

  it('of nobody in the cluster is allowed by blocks only', () => {
    const destination = outside('192.0.2.1');
    expect(text({ destination }, out(every))).toBe('deny');
    expect(text({ destination }, out([{ ipBlock: { cidr: '192.0.2.0/24' } }]))).toBe('allow');
    expect(text({ destination }, out([]))).toBe('allow');
  });

  it('that may be rewritten is unknown, but where nothing or everything is allowed', () => {
    const destination = { ...outside('198.18.7.20'), doubt: 'it is virtual' };
    const egress = (...policies: NetworkPolicy[]) =>
      evaluatePolicies(connection({ destination }), facts(...policies)).egress;
    expect(egress(out(every)).text).toBe('unknown');
    expect(egress(out(every)).doubts).toEqual(['it is virtual']);
    expect(egress(out([{ ipBlock: { cidr: '198.19.0.0/16' } }])).text).toBe('unknown');
    expect(egress(out([], [{ port: 80 }])).text).toBe('unknown');
    expect(egress(out([], [{ protocol: 'UDP', port: 8080 }])).text).toBe('deny');
    expect(egress(policy({ policyTypes: ['Egress'] })).text).toBe('deny');
    expect(egress(out([])).text).toBe('allow');
    expect(text({ destination }, policy({ policyTypes: ['Egress'] }))).toBe('deny');
    expect(text({ destination }, out([]))).toBe('unknown');
  });
});

it('explains itself with what selects the two ends for each direction', () => {
  const out = policy({ podSelector: app('client'), policyTypes: ['Egress'], egress: [{}] }, 'out');
  const inwards = policy({ podSelector: app('api'), policyTypes: ['Ingress'], ingress: [{}] }, 'in');
  const other = policy({ podSelector: app('client'), policyTypes: ['Ingress'] }, 'other');
  const { egress, ingress } = evaluatePolicies(connection(), facts(out, inwards, other));
  expect(egress.selecting).toEqual([out]);
  expect(ingress.selecting).toEqual([inwards]);
  expect(egress.subject).toBe(client);
});
