// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NetworkPolicy } from '../../src/kube/objects.js';
import { account, deleteClusterRoles } from './accounts.js';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, kubectl } from './kubectl.js';
import { readySlices, serverPod, service } from './manifests.js';
import { denyBetween, enforceIngress } from './policy-enforcement.js';
import { hintsOf, resultOf } from './results.js';

let namespace: string;
/** Another namespace, with the label team=friends. */
let other: string;

const app = (name: string) => ({ matchLabels: { app: name } });

function policy(name: string, spec: NetworkPolicy['spec']): object {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec };
}

const friends = [
  { podSelector: { matchLabels: { role: 'friend' } } },
  { namespaceSelector: { matchLabels: { team: 'friends' } }, podSelector: app('guest') },
];

beforeAll(async () => {
  [namespace, other] = await Promise.all([
    createNamespace('policies'),
    createNamespace('policies-other', { team: 'friends' }),
  ]);
  const guarded = { labels: { app: 'guarded' } };
  await Promise.all([
    createReady(other, serverPod('guest'), serverPod('passer-by')),
    createReady(
      namespace,
      serverPod('friend', { labels: { app: 'friend', role: 'friend', tries: 'all' } }),
      serverPod('stranger', { labels: { app: 'stranger', tries: 'all' } }),
      serverPod('neighbour', { labels: { app: 'neighbour', tries: 'all' } }),
      serverPod('mixed'),
      serverPod('hermit'),
      serverPod('open-door'),
      serverPod('guarded-1', guarded),
      serverPod('walled'),
      serverPod('rejecting'),
      service('guarded', { selector: { app: 'guarded' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] }),
      // Accepted, and enforced by nobody.
      policy('closed', { podSelector: app('open-door'), policyTypes: ['Ingress'] }),
      policy('silence', { podSelector: app('hermit'), policyTypes: ['Egress'] }),
      // Enforced below.
      policy('friends-only', {
        podSelector: app('guarded'),
        policyTypes: ['Ingress'],
        ingress: [{ from: friends, ports: [{ port: 'http' }] }],
      }),
      policy('rejecting', { podSelector: app('rejecting'), policyTypes: ['Ingress'] }),
      // Says that everything is allowed, which a firewall does not know.
      policy('everybody', { podSelector: app('walled'), policyTypes: ['Ingress'], ingress: [{}] }),
    ),
  ]);
  const stranger = await getPod(namespace, 'stranger');
  const except = [`${stranger.status?.podIP ?? ''}/32`];
  const block = { from: [{ ipBlock: { cidr: '198.19.0.0/16', except } }], ports: [{ port: 8000, endPort: 8100 }] };
  const any = { from: friends };
  const mixed = policy('mixed', { podSelector: app('mixed'), policyTypes: ['Ingress'], ingress: [block, any] });
  await kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify(mixed));
  await readySlices(namespace, 'guarded', 1);
  await Promise.all([
    enforceIngress(namespace, { policies: ['friends-only', 'mixed'] }),
    enforceIngress(namespace, { policies: ['rejecting'], denial: 'reject' }),
    denyBetween(namespace, 'stranger', 'walled'),
  ]);
});

afterAll(() => Promise.all([deleteNamespace(namespace), deleteNamespace(other), deleteClusterRoles(namespace)]));

const quick = ['--connect-timeout', '1500ms', '--attempts', '1'];
const connect = (...args: string[]) => report(['connect', '-n', namespace, ...args, ...quick]);
const deny = (...args: string[]) => connect(...args, '--expect', 'deny');

describe('a policy that is accepted, but enforced by nobody', () => {
  it('fails a deny, which says that the text and the measurement disagree', async () => {
    const { report: found, exitCode } = await deny('stranger', 'pod/open-door:8080');
    expect(exitCode).toBe(1);
    const [result] = found.results;
    expect(result).toMatchObject({ verdict: 'fail', reason: 'Connected' });
    expect(result?.policies).toEqual({
      egress: [],
      ingress: [`${namespace}/closed`],
      text: 'deny',
      message:
        `by its text ${namespace}/closed lets nothing into ${namespace}/open-door, ` +
        'yet it was reached: accepted but not enforced',
      disagrees: 'notEnforced',
    });
    expect(hintsOf(found, result)).toEqual([
      `NetworkPolicies (an explanation, not a proof): ${result?.policies?.message ?? ''}`,
    ]);
  });

  it('of the source is one as well', async () => {
    const { report: found, exitCode } = await deny('hermit', 'pod/friend:8080');
    expect(exitCode).toBe(1);
    expect(found.results[0]?.policies).toMatchObject({
      egress: [`${namespace}/silence`],
      ingress: [],
      text: 'deny',
      disagrees: 'notEnforced',
    });
    expect(found.results[0]?.policies?.message).toContain(`lets nothing out of ${namespace}/hermit`);
  });

  it("is not accused of what the API always allows: a pod's own node", async () => {
    const { report: found } = await deny('hermit', 'node/node1:10250', 'node/node2:10250');
    expect(resultOf(found, { name: 'node1' })).toMatchObject({ reason: 'Connected', policies: { text: 'allow' } });
    expect(resultOf(found, { name: 'node1' }).policies).not.toHaveProperty('disagrees');
    expect(resultOf(found, { name: 'node2' }).policies).toMatchObject({ text: 'deny', disagrees: 'notEnforced' });
  });

  it('is not accused of what the API leaves open: ICMP', async () => {
    const words = ['ping', '-n', namespace, 'stranger', 'pod/open-door', '--expect', 'deny', '--count', '1'];
    const { report: found, exitCode } = await report(words);
    expect(exitCode).toBe(1);
    const policies = found.results[0]?.policies;
    expect(policies).toMatchObject({ ingress: [`${namespace}/closed`], text: 'unknown' });
    expect(policies?.message).toMatch(/ICMP/);
    expect(policies).not.toHaveProperty('disagrees');
  });

  it('is not mentioned where a connection is allowed and reached, whatever is wrong with the answer', async () => {
    const { report: found, exitCode } = await connect('stranger', 'pod/open-door:8080');
    expect(exitCode).toBe(0);
    expect(found.results[0]).not.toHaveProperty('policies');
    expect(found.hints).toEqual([]);
    const words = ['http', '-n', namespace, 'stranger', 'pod/open-door:8080', '--expect-status', '404'];
    const answered = await report(words);
    expect(answered.exitCode).toBe(1);
    expect(answered.report.results[0]).toMatchObject({ reason: 'UnexpectedStatus' });
    expect(answered.report.results[0]).not.toHaveProperty('policies');
    expect(answered.report.hints).toEqual([]);
  });

  it('stands below what was found, and not in its place', async () => {
    const { stdout } = await netmachinery([
      ...['connect', '-n', namespace, 'stranger', 'pod/open-door:8080', '--expect', 'deny'],
      ...quick,
    ]);
    expect(stdout).toMatch(/^✗ pod\/open-door:8080: connected in [\d.]+ ms, which was to be denied$/m);
    expect(stdout).toMatch(/^✗ pod\/open-door:8080: NetworkPolicies /m);
  });
});

describe('a policy that is enforced', () => {
  const denial = () =>
    `by its text ${namespace}/friends-only lets only pods role=friend of ${namespace}, ` +
    `pods app=guest of namespaces team=friends at TCP http (8080) into ${namespace}/guarded-1`;

  it('passes a deny beside a positive control, and is named as what denies it by its text', async () => {
    const { report: found, exitCode } = await deny('stranger', 'pod/guarded-1:8080', '--control', 'pod/friend');
    expect(exitCode).toBe(0);
    expect(found.results[0]).toMatchObject({
      verdict: 'pass',
      reason: 'TimedOut',
      control: { source: `${namespace}/friend`, reached: true },
      policies: { egress: [], ingress: [`${namespace}/friends-only`], text: 'deny', message: denial() },
    });
    expect(found.results[0]?.policies).not.toHaveProperty('disagrees');
    expect(found.hints).toEqual([]);
  });

  it('fails an allow, which names it', async () => {
    const { report: found, exitCode } = await connect('stranger', 'pod/guarded-1:8080');
    expect(exitCode).toBe(1);
    const [result] = found.results;
    expect(result).toMatchObject({ verdict: 'fail', reason: 'TimedOut' });
    expect(result?.policies).toMatchObject({ text: 'deny', message: denial() });
    expect(hintsOf(found, result)).toContain(`NetworkPolicies (an explanation, not a proof): ${denial()}`);
  });

  it('lets in whom its text lets in, by pods of its namespace and of others', async () => {
    const [friend, guest, passerBy] = await Promise.all([
      connect('friend', 'pod/guarded-1:8080'),
      report(['connect', '-n', other, 'guest', `${namespace}/pod/guarded-1:8080`, ...quick]),
      report(['connect', '-n', other, 'passer-by', `${namespace}/pod/guarded-1:8080`, ...quick]),
    ]);
    expect([friend.exitCode, guest.exitCode, passerBy.exitCode]).toEqual([0, 0, 1]);
    expect(passerBy.report.results[0]?.policies).toMatchObject({ text: 'deny', message: denial() });
  });

  it('is looked at for the pods behind a virtual address', async () => {
    const { report: found } = await connect('stranger', 'svc/guarded:80');
    const [virtual, endpoint] = [resultOf(found, { kind: 'service' }), resultOf(found, { kind: 'endpoint' })];
    expect(virtual).toMatchObject({ verdict: 'fail', policies: { text: 'deny', message: denial() } });
    expect(endpoint.policies).toEqual(virtual.policies);
    const hints = found.hints.filter(({ text }) => text.includes('NetworkPolicies'));
    expect(hints.map(({ results }) => results)).toEqual([[virtual.id, endpoint.id]]);
  });

  it('is told from a port that it does not allow', async () => {
    const { report: found, exitCode } = await deny('friend', 'pod/guarded-1:8443', '--control', 'destination');
    expect(exitCode).toBe(0);
    expect(found.results[0]?.policies).toMatchObject({ text: 'deny', message: denial() });
  });

  it('by rejecting passes a deny too, as a refusal', async () => {
    const { report: found, exitCode } = await deny('stranger', 'pod/rejecting:8080', '--control', 'destination');
    expect(exitCode).toBe(0);
    expect(found.results[0]).toMatchObject({ verdict: 'pass', reason: 'Refused', policies: { text: 'deny' } });
  });
});

describe('the text of policies that are enforced', () => {
  it('is what is measured, for each source, port and protocol', async () => {
    const destinations = ['pod/mixed:8080,8443', 'udp://pod/mixed:9000', 'pod/guarded-1:8080'];
    const run = await deny('-l', 'tries=all', '--mode', 'all', ...destinations, '-v', '6');
    const { report: found } = run;
    const texts = found.results.map(({ source, destination: { name, port }, reason, policies }) => {
      const reached = ['Connected', 'Answered'].includes(reason);
      return `${source.pod} ${name ?? ''} ${port ?? ''}: ${policies?.text ?? 'none'}, ${reached ? 'reached' : 'not reached'}`;
    });
    expect(texts.sort()).toEqual([
      'friend guarded-1 8080: allow, reached',
      'friend mixed 8080: allow, reached',
      'friend mixed 8443: allow, reached',
      'friend mixed 9000: allow, reached',
      'neighbour guarded-1 8080: deny, not reached',
      'neighbour mixed 8080: allow, reached',
      'neighbour mixed 8443: deny, not reached',
      'neighbour mixed 9000: deny, not reached',
      'stranger guarded-1 8080: deny, not reached',
      'stranger mixed 8080: deny, not reached',
      'stranger mixed 8443: deny, not reached',
      'stranger mixed 9000: deny, not reached',
    ]);
    expect(found.results.filter(({ policies }) => policies?.disagrees !== undefined)).toEqual([]);
    // Once a namespace, whatever the number of tests.
    expect(run.stderr.match(/^GET \S*\/networkpolicies\S* 200/gm)).toHaveLength(1);
  });
});

describe('what is denied although the text allows it', () => {
  const message = () =>
    `by its text ${namespace}/everybody lets any address into ${namespace}/walled, ` +
    'yet it was not reached: something else stands in the way';

  it('fails an allow, and clears the policies', async () => {
    const { report: found, exitCode } = await connect('stranger', 'pod/walled:8080');
    expect(exitCode).toBe(1);
    expect(found.results[0]?.policies).toEqual({
      egress: [],
      ingress: [`${namespace}/everybody`],
      text: 'allow',
      message: message(),
      disagrees: 'deniedElsewhere',
    });
    expect(hintsOf(found, found.results[0])).toContain(`NetworkPolicies (an explanation, not a proof): ${message()}`);
  });

  it('passes a deny, and says that no policy is the cause', async () => {
    const { report: found, exitCode } = await deny('stranger', 'pod/walled:8080', '--control', 'pod/friend');
    expect(exitCode).toBe(0);
    expect(found.results[0]).toMatchObject({ verdict: 'pass', policies: { disagrees: 'deniedElsewhere' } });
    expect(found.hints).toEqual([
      { results: ['r1'], text: `NetworkPolicies (an explanation, not a proof): ${message()}`, about: 'policies' },
    ]);
  });
});

describe('where no policy selects', () => {
  it('a result says so, and no hint speaks of policies', async () => {
    const { report: found } = await connect('stranger', 'pod/friend:81');
    expect(found.results[0]).toMatchObject({ reason: 'Refused' });
    expect(found.results[0]?.policies).toEqual({
      egress: [],
      ingress: [],
      text: 'allow',
      message: `no NetworkPolicy selects ${namespace}/stranger for egress or ${namespace}/friend for ingress`,
    });
    expect(hintsOf(found, found.results[0]).join()).not.toContain('NetworkPolic');
  });
});

describe('an address', () => {
  it('of a pod is that pod, and of a Service the pods behind it', async () => {
    const get = async (path: string, ...what: string[]) =>
      kubectl(['get', ...what, '-n', namespace, '-o', `jsonpath={${path}}`]);
    const [podIP, clusterIP] = await Promise.all([
      get('.status.podIP', 'pod', 'guarded-1'),
      get('.spec.clusterIP', 'service', 'guarded'),
    ]);
    const { report: found } = await connect('stranger', `${podIP}:8080`, `${clusterIP}:80`, `${podIP}:1`);
    expect(resultOf(found, { address: podIP, port: 8080 }).policies).toMatchObject({
      ingress: [`${namespace}/friends-only`],
      text: 'deny',
    });
    const virtual = resultOf(found, { address: clusterIP });
    expect(virtual.policies).toMatchObject({ ingress: [`${namespace}/friends-only`], text: 'deny' });
  });
});

it('an address that may not be looked up is unknown where that matters', async () => {
  const user = await account(namespace, 'hints', ['connect', '-n', namespace, '--hints']);
  const podIP = (await getPod(namespace, 'friend')).status?.podIP ?? '';
  const { report: found } = await deny('stranger', `${podIP}:8080`, '--as', user);
  expect(found.results[0]?.policies).toMatchObject({
    text: 'unknown',
    message: `whether ${podIP} belongs to a pod or Service is not known`,
  });
});

describe('for whom policies may not be read', () => {
  it('their text is unknown, and everything else is as it was', async () => {
    const user = await account(namespace, 'tester', ['connect', '-n', namespace]);
    const { report: found, exitCode } = await deny('stranger', 'pod/open-door:8080', '--as', user);
    expect(exitCode).toBe(1);
    expect(found.results[0]).toMatchObject({ verdict: 'fail', reason: 'Connected' });
    expect(found.results[0]?.policies).toEqual({
      egress: [],
      ingress: [],
      text: 'unknown',
      message: `the NetworkPolicies of ${namespace} could not be read`,
    });
    expect(found.hints.map(({ text }) => text).join()).not.toContain('NetworkPolic');
  });
});
