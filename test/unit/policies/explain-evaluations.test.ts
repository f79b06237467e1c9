// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { NetworkPolicy } from '../../../src/kube/objects.js';
import type { Connection } from '../../../src/policies/connection.js';
import { evaluatePolicies } from '../../../src/policies/evaluate-policies.js';
import { explainEvaluations } from '../../../src/policies/explain-evaluations.js';
import { api, client, connection, facts, node, outside, pod, policy } from './policies.js';

function evaluated(more: Partial<Connection>, ...policies: NetworkPolicy[]) {
  const tried = connection(more);
  return { evaluation: evaluatePolicies(tried, facts(...policies)), destination: tried.destination };
}

const explain = (reached: boolean | undefined, more: Partial<Connection>, ...policies: NetworkPolicy[]) =>
  explainEvaluations([evaluated(more, ...policies)], reached).explanation;
const message = (...policies: NetworkPolicy[]) => explain(undefined, {}, ...policies).message;
const app = (name: string) => ({ matchLabels: { app: name } });
const closed = policy({ podSelector: app('api'), policyTypes: ['Ingress'] }, 'default-deny');

describe('the message', () => {
  it('names what lets nothing in or out, each end by itself', () => {
    expect(message(closed)).toBe('by its text shop/default-deny lets nothing into shop/api');
    const out = policy({ podSelector: app('client'), policyTypes: ['Egress'] }, 'silence');
    expect(message(out)).toBe('by its text shop/silence lets nothing out of shop/client');
    expect(message(out, closed)).toBe(
      'by its text shop/silence lets nothing out of shop/client; ' +
        'by its text shop/default-deny lets nothing into shop/api',
    );
  });

  it('says what is allowed where that is something else', () => {
    const from = [
      { podSelector: app('web') },
      { podSelector: app('web'), namespaceSelector: { matchLabels: { team: 'b' } } },
      { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
    ];
    const ports = [{ port: 8000, endPort: 8010 }, { port: 'http' }, { protocol: 'UDP' }];
    expect(message(policy({ policyTypes: ['Ingress'], ingress: [{ from, ports }] }, 'web'))).toBe(
      'by its text shop/web lets only pods app=web of shop, pods app=web of namespaces team=b, ' +
        '10.0.0.0/8 without 10.1.0.0/16 at TCP 8000-8010, TCP http (8080), every UDP port into shop/api',
    );
    const to = [{ namespaceSelector: {} }];
    const egress = [
      { to, ports: [{ protocol: 'UDP', port: 53 }] },
      { to: [], ports: [{ port: 'grpc' }] },
    ];
    expect(message(policy({ policyTypes: ['Egress'], egress }, 'dns'))).toBe(
      'by its text shop/dns lets shop/client send only to pods of every namespace at UDP 53 ' +
        'or any address at TCP grpc (which is no port there)',
    );
  });

  it('names all that deny together, and counts what is too much for a line', () => {
    const denying = ['a', 'b', 'c', 'd', 'e'].map((name, index) =>
      policy({ policyTypes: ['Ingress'], ingress: [{ ports: [{ port: index + 1 }] }] }, name),
    );
    expect(message(...denying.slice(0, 2))).toBe(
      'by their text shop/a, shop/b let only any address at TCP 1 or any address at TCP 2 into shop/api',
    );
    expect(message(...denying)).toMatch(
      /^by their text shop\/a, shop\/b, shop\/c and 2 more let only .* and 2 more into/,
    );
  });

  it('names only those that allow, where it is allowed', () => {
    const open = policy({ policyTypes: ['Ingress'], ingress: [{}, { ports: [{ port: 1 }] }] }, 'open');
    expect(message(closed, open)).toBe('by its text shop/open lets any address into shop/api');
    const out = policy({ policyTypes: ['Egress'], egress: [{ to: [{ podSelector: app('api') }] }] }, 'out');
    expect(message(out)).toBe('by its text shop/out lets shop/client send to pods app=api of shop');
  });

  it('says that nothing selects the pods, or that policies never stand there', () => {
    expect(message()).toBe('no NetworkPolicy selects shop/client for egress or shop/api for ingress');
    expect(explain(true, { destination: outside('192.0.2.1') }).message).toContain('or 192.0.2.1 for ingress');
    expect(explain(true, { source: node('node1') }, closed).message).toBe(
      'policies never stand between a pod and itself or its own node (shop/api)',
    );
  });

  it('says why it is unknown, and who selects the pod all the same', () => {
    const ping = explain(true, { protocol: 'none', port: undefined }, closed);
    expect(ping.text).toBe('unknown');
    expect(ping.message).toBe(
      'by its text shop/default-deny selects shop/api for ingress, but NetworkPolicy leaves open what it means ' +
        'for packets without ports, such as ICMP: plugins differ',
    );
    const unread = explain(true, { destination: { ...api, facts: undefined } }, closed);
    expect(unread.message).toBe('pod shop/api could not be read');
  });
});

describe('the disagreement', () => {
  const open = policy({ policyTypes: ['Ingress'], ingress: [{}] }, 'open');

  it('is that a policy is not enforced, where it denies what was reached', () => {
    expect(explain(true, {}, closed)).toEqual({
      egress: [],
      ingress: ['shop/default-deny'],
      text: 'deny',
      message:
        'by its text shop/default-deny lets nothing into shop/api, yet it was reached: accepted but not enforced',
      disagrees: 'notEnforced',
    });
  });

  it('is that something else denies, where policies allow what was not reached', () => {
    const found = explain(false, {}, open);
    expect(found).toMatchObject({ text: 'allow', disagrees: 'deniedElsewhere' });
    expect(found.message).toMatch(/, yet it was not reached: something else stands in the way$/);
  });

  it('is none where they agree, where no policy selects, where the text is unknown, or nothing was said', () => {
    for (const [reached, more, ...policies] of [
      [false, {}, closed],
      [true, {}, open],
      [false, {}],
      [true, { protocol: 'none' }, closed],
      [undefined, {}, open],
      [undefined, {}, closed],
    ] as [boolean | undefined, Partial<Connection>, ...NetworkPolicy[]][]) {
      expect(explain(reached, more, ...policies)).not.toHaveProperty('disagrees');
    }
  });
});

describe('several pods behind one address', () => {
  const second = pod('api-2', { app: 'api-2' });

  it('are what they agree in, each named', () => {
    const both = policy({ policyTypes: ['Ingress'] }, 'both');
    const { explanation, lines } = explainEvaluations(
      [evaluated({}, both), evaluated({ destination: second }, both)],
      true,
    );
    expect(explanation).toMatchObject({ text: 'deny', ingress: ['shop/both'], disagrees: 'notEnforced' });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(
      'by its text shop/both lets nothing into shop/api-2, yet it was reached: accepted but not enforced',
    );
  });

  it('are unknown where they differ', () => {
    const { explanation } = explainEvaluations(
      [evaluated({}, closed), evaluated({ destination: second }, closed)],
      true,
    );
    expect(explanation).toMatchObject({ text: 'unknown', ingress: ['shop/default-deny'] });
    expect(explanation.message).toMatch(
      /^it depends on the endpoint: by its text shop\/default-deny lets nothing into/,
    );
    expect(explanation).not.toHaveProperty('disagrees');
  });
});

it('speaks of one pod a line, so that many results share it', () => {
  const out = policy({ podSelector: app('client'), policyTypes: ['Egress'], egress: [{}] }, 'out');
  const open = policy({ podSelector: app('api'), policyTypes: ['Ingress'], ingress: [{}] }, 'open');
  const { explanation, lines } = explainEvaluations([evaluated({ source: client }, out, open)], undefined);
  expect(lines).toEqual([
    'by its text shop/out lets shop/client send to any address',
    'by its text shop/open lets any address into shop/api',
  ]);
  expect(explanation.message).toBe(lines.join('; '));
});
