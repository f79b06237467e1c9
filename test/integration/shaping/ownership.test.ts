// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import type { Pod } from '../../../src/kube/objects.js';
import { runInContainer } from '../../../src/shaping/admin-container.js';
import { PodShaper } from '../../../src/shaping/pod-shaper.js';
import { kernelFeatures } from '../../../src/shaping/pod-network.js';
import { runningPod, temporaryNamespace } from '../kube/namespace.js';
import { adminExec, fullPlan, networkOf, record, shaperIn, slowPlan } from './places.js';

let cluster: Cluster;
let namespace: string;

beforeAll(async () => {
  cluster = await connectCluster({});
  namespace = await temporaryNamespace(cluster);
});
afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${namespace}`);
  cluster.close();
});

const pod = (name: string): Promise<Pod> => runningPod(cluster, namespace, { name });
const sharedPlan = { ...fullPlan, tc: fullPlan.tc.filter((line) => !line.includes('clsact')) };

describe('an inspection', () => {
  it('of node1 finds everything but netem, leaves nothing, and does not mind another at the same time', async () => {
    const inspected = await pod('inspected');
    const before = await networkOf(cluster, inspected);
    const { shaper } = await shaperIn(cluster, inspected);
    const hosts = ['localhost', 'kubernetes.default', 'nowhere.invalid'];
    const all = await Promise.all([shaper.inspect(hosts), shaper.inspect(hosts), shaper.inspect(hosts)]);
    for (const found of all) {
      expect(found).toMatchObject({
        defaultInterfaces: ['eth0'],
        missing: new Map([['netem', 'Error: Specified qdisc kind is unknown.']]),
        supports: new Set(kernelFeatures.filter((feature) => feature !== 'netem')),
      });
      expect(found.gateways).not.toHaveLength(0);
      expect(found.kernel).toMatch(/^\d+\.\d+/);
      expect(found.hosts.get('localhost')).toContain('127.0.0.1');
      expect(found.hosts.get('kubernetes.default')).toHaveLength(1);
      expect(found.hosts.get('nowhere.invalid')).toEqual([]);
    }
    expect(await networkOf(cluster, inspected)).toBe(before);
  });

  it('removes what a killed one left, and not what may still be in use', async () => {
    const inspected = await pod('leftovers');
    const before = await networkOf(cluster, inspected);
    const made =
      'read -r up _ </proc/uptime; now=$((${up%%.*} / 60)); ip link add nm00aat1a type veth peer name nm00aat1b; nft add table netdev nm00aat1t; ip link add nm00aat${now}i type ifb';
    await adminExec(cluster, inspected, made);
    const { shaper } = await shaperIn(cluster, inspected);
    await shaper.inspect([]);
    const left = await networkOf(cluster, inspected);
    // Whole names: the one that stays begins with the minutes of the machine's uptime, which may begin with a 1 as well.
    for (const name of ['nm00aat1a', 'nm00aat1b', 'nm00aat1t']) expect(left).not.toContain(name);
    const [kept = ''] = /nm00aat\d+i/.exec(left) ?? [];
    await adminExec(cluster, inspected, `ip link del ${kept}`);
    expect(await networkOf(cluster, inspected)).toBe(before);
  });
});

it('a look needs no capability', async () => {
  const looked = await pod('looked');
  const { shaper } = await shaperIn(cluster, looked);
  await shaper.install(fullPlan, record(), 60);
  const own = { namespace, pod: 'looked', container: 'main' };
  const network = await new PodShaper(runInContainer(cluster, own)).look();
  expect(network.qdiscs).toContainEqual(expect.objectContaining({ kind: 'htb', handle: '6e6d:', dev: 'eth0' }));
  expect(network.filters.find(({ hook }) => hook === 'ingress')?.text).toContain('pref 28269');
  expect((await shaper.clear(undefined)).cleared).toBe('cleared');
});

describe('of two who shape a pod at once', () => {
  it('one gets it, and the other is told what is there', async () => {
    const wanted = await pod('wanted');
    const { shaper } = await shaperIn(cluster, wanted);
    const records = [record(), record(), record()];
    const outcomes = await Promise.all(records.map((each) => shaper.install(fullPlan, each, 60)));
    const winner = outcomes.findIndex(({ outcome }) => outcome === 'installed');
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['installed', 'taken', 'taken']);
    for (const outcome of outcomes.filter((each) => each.outcome === 'taken')) {
      expect(outcome).toEqual({ outcome: 'taken', record: records[winner] });
    }
    expect(await shaper.look()).toMatchObject({ shape: { record: records[winner] } });
    expect((await shaper.clear(undefined)).cleared).toBe('cleared');
  });

  it('from two containers, no end of the one touches the other', async () => {
    const wanted = await pod('containers');
    const [first, second] = [record(), record()];
    const one = await shaperIn(cluster, wanted, { record: first, fresh: true });
    const other = await shaperIn(cluster, wanted, { record: second, fresh: true });
    expect(other.container).not.toBe(one.container);
    await one.shaper.install(fullPlan, first, 8);
    expect(await other.shaper.install(fullPlan, second, 60)).toEqual({ outcome: 'taken' });
    // Somebody heals what need not be healed, and the pod is free.
    expect((await other.shaper.clear(undefined)).cleared).toBe('cleared');
    expect(await other.shaper.install(fullPlan, second, 60)).toMatchObject({ outcome: 'installed' });
    expect((await one.shaper.clear(first.token)).cleared).toBe('others');
    await new Promise((resolve) => setTimeout(resolve, 9000));
    expect(await other.shaper.look()).toMatchObject({ shape: { record: second } });
    expect(await adminExec(cluster, wanted, 'tc qdisc show dev eth0')).toContain('qdisc tbf 6e6e:');
    expect((await other.shaper.clear(second.token)).cleared).toBe('cleared');
  });
});

describe("what is somebody else's", () => {
  it('a root qdisc is left alone, by install and by clear', async () => {
    const taken = await pod('root');
    await adminExec(cluster, taken, 'tc qdisc add dev eth0 root handle 1: tbf rate 1gbit burst 1mb latency 50ms');
    const before = await networkOf(cluster, taken);
    const { shaper } = await shaperIn(cluster, taken);
    expect(await shaper.install(fullPlan, record(), 60)).toEqual({ outcome: 'foreign', what: 'qdisc tbf 1:' });
    expect((await shaper.clear(undefined)).cleared).toBe('nothing');
    expect(await networkOf(cluster, taken)).toBe(before);
  });

  it('a clsact is shared, and stays with its filters', async () => {
    const shared = await pod('clsact');
    const filter = 'tc filter add dev eth0 ingress protocol ip pref 7 u32 match ip src 198.18.99.99/32 flowid :1';
    await adminExec(cluster, shared, `tc qdisc add dev eth0 clsact; ${filter}`);
    const before = await networkOf(cluster, shared);
    const { shaper } = await shaperIn(cluster, shared);
    expect(await shaper.install(sharedPlan, record(), 60)).toMatchObject({ outcome: 'installed' });
    expect((await shaper.clear(undefined)).cleared).toBe('cleared');
    expect(await networkOf(cluster, shared)).toBe(before);
    // Even when it was not there when the plan was made.
    expect(await shaper.install(fullPlan, record(), 60)).toMatchObject({ outcome: 'failed' });
    expect(await networkOf(cluster, shared)).toBe(before);
  });

  it('a filter that somebody adds to our clsact keeps it', async () => {
    const shared = await pod('added');
    const { shaper } = await shaperIn(cluster, shared);
    await shaper.install(fullPlan, record(), 60);
    await adminExec(
      cluster,
      shared,
      'tc filter add dev eth0 egress protocol ip pref 7 u32 match ip src 198.18.99.99/32 flowid :1',
    );
    await shaper.clear(undefined);
    const after = await networkOf(cluster, shared);
    expect(after).toContain('clsact');
    expect(after).not.toMatch(/6e6d|28269|nm-ifb|netmachinery/);
  });
});

it('what fails half-way is undone, and says why', async () => {
  const shaped = await pod('half');
  const before = await networkOf(cluster, shaped);
  const { shaper } = await shaperIn(cluster, shaped);
  const broken = { ...fullPlan, nft: 'table netdev netmachinery {\n  nonsense\n}' };
  expect(await shaper.install(broken, record(), 60)).toMatchObject({
    outcome: 'failed',
    message: expect.stringMatching(/^nft: .*syntax error/) as string,
  });
  expect(await networkOf(cluster, shaped)).toBe(before);
  const unknown = { ...slowPlan, tc: [...slowPlan.tc, 'qdisc add dev eth0 parent 6e6e: netem delay 10ms'] };
  expect(await shaper.install(unknown, record(), 60)).toMatchObject({
    outcome: 'failed',
    message: expect.stringMatching(/^tc: Error: /) as string,
  });
  expect(await networkOf(cluster, shaped)).toBe(before);
});

it('a plan for many peers goes ahead in pieces', async () => {
  const shaped = await pod('many');
  const { shaper } = await shaperIn(cluster, shaped);
  const filters = Array.from(
    { length: 1200 },
    (_, index) =>
      `filter add dev eth0 parent 6e6d: protocol ip pref 1${index % 2} u32 match ip dst 198.18.${index >> 8}.${index & 255}/32 flowid 6e6d:1`,
  );
  const outcome = await shaper.install({ ...slowPlan, tc: [...slowPlan.tc, ...filters] }, record(), 60);
  expect(outcome).toMatchObject({ outcome: 'installed' });
  const [own] = (await shaper.look()).filters;
  expect(own?.text.match(/match c612/g)).toHaveLength(1200);
  expect((await shaper.clear(undefined)).cleared).toBe('cleared');
});
