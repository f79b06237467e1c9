// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { startLegacy, type RunningLegacy } from '../../../src/agents/legacy-netchecker/legacy.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { createAnew, createNamespace, deleteNamespace, kubectl, podManifest } from '../../e2e/kubectl.js';

const suffix = randomBytes(4).toString('hex');
const agent = `netchecker-agent-${suffix}`;
const hostAgent = `netchecker-agent-hostnet-${suffix}`;
const quickAgent = `netchecker-agent-quick-${suffix}`;
const node = `node-${suffix}`;
const definition = 'plugins-manifest/crds/legacy-agents.yaml';
const objects = '/apis/network-checker.ext/v1/namespaces/default/agents';

let admin: Cluster;
let account: Cluster;
let home: string;
const lines: string[] = [];
const running = new Set<RunningLegacy>();

interface Server extends RunningLegacy {
  url: string;
  address: string;
  lead: { isOurs: boolean; address: string | undefined };
}

async function serverAt(address: string, lead: Server['lead'], port = 0): Promise<Server> {
  const log = (line: string): void => void lines.push(line);
  const legacy = await startLegacy({ cluster: account, port, host: address, log, leader: () => lead });
  running.add(legacy);
  const stop = async (): Promise<void> => {
    running.delete(legacy);
    await legacy.stop();
  };
  return { port: legacy.port, stop, lead, address, url: `http://${address}:${legacy.port}` };
}

const leading = { isOurs: true, address: '127.0.0.1' };

/** What a netchecker agent posts (SEEDS.md 2.2), as Go writes it. */
function payload(pod: string, { interval = 3600, nodename = node, uptime = 86_400 } = {}): string {
  const probe =
    '{"URL":"http://netchecker-service:8081/api/v1/ping","ConnectionResult":1,"HTTPCode":200,"Total":4,"ContentTransfer":0,' +
    '"TCPConnection":1,"DNSLookup":1,"Connect":2,"ServerProcessing":1}';
  const zeros = Array.from({ length: 1500 }, () => 0).join(',');
  return (
    `{"report_interval":${interval},"nodename":"${nodename}","podname":"${pod}","hostdate":"2024-05-01T10:00:00.5+02:00",` +
    `"uptime":${uptime},"nslookup":{"netchecker-service":["10.96.0.40"]},"ips":{"eth0":["10.1.0.7/24","fe80::1/64"]},` +
    `"network_probes":[${probe}],"zero_extender":[${zeros}]}`
  );
}

function specOf(pod: string, lastUpdated: string, { interval = 3600, nodename = node, uptime = 86_400 } = {}): string {
  return (
    `{"report_interval":${interval},"nodename":"${nodename}","podname":"${pod}","hostdate":"2024-05-01T10:00:00.5+02:00",` +
    `"uptime":${uptime},"last_updated":"${lastUpdated}","nslookup":{"netchecker-service":["10.96.0.40"]},"network_probes":` +
    '[{"URL":"http://netchecker-service:8081/api/v1/ping","ConnectionResult":1,"HTTPCode":200,"Total":4,"ContentTransfer":0,' +
    '"TCPConnection":1,"DNSLookup":1,"Connect":2,"ServerProcessing":1}],"ips":{"eth0":["10.1.0.7/24","fe80::1/64"]}}'
  );
}

const post = (url: string, pod: string, body: string) =>
  fetch(`${url}/api/v1/agents/${pod}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

interface Check {
  Message: string;
  Absent: string[] | null;
  Outdated: string[] | null;
}

async function check(url: string): Promise<Check & { status: number }> {
  const response = await fetch(`${url}/api/v1/connectivity_check`);
  const found = (await response.json()) as Check;
  // Other tests may have agents of their own.
  const ours = (names: string[] | null) => names?.filter((name) => name.endsWith(suffix)) ?? null;
  return { status: response.status, ...found, Absent: ours(found.Absent), Outdated: ours(found.Outdated) };
}

interface Stored {
  metadata: { resourceVersion: string; annotations?: Record<string, string>; labels?: Record<string, string> };
  spec: Record<string, unknown>;
}
const stored = (name: string) => admin.get<Stored>(`${objects}/${name}`).catch(() => undefined);
const metric = async (url: string, line: RegExp) =>
  (await (await fetch(`${url}/metrics`)).text()).split('\n').filter((each) => line.test(each));

beforeAll(async () => {
  admin = await connectCluster({});
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', definition]);
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', '-f', definition]);
  home = await createNamespace('legacy');
  const rbac = 'rbac.authorization.k8s.io';
  const subjects = [{ kind: 'ServiceAccount', name: 'server', namespace: home }];
  const items = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'server', namespace: home } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: home },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: home },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: home },
      subjects,
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { name: home, namespace: 'default' },
      rules: [
        {
          apiGroups: ['network-checker.ext'],
          resources: ['agents'],
          verbs: ['get', 'list', 'create', 'patch', 'delete'],
        },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: home, namespace: 'default' },
      roleRef: { apiGroup: rbac, kind: 'Role', name: home },
      subjects,
    },
  ];
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  account = await connectCluster({ as: `system:serviceaccount:${home}:server` });
  // They need not run: pods in any phase are expected to report.
  const pod = (name: string, app: string) =>
    podManifest(name, {
      labels: { app },
      spec: { nodeSelector: { nowhere: suffix }, containers: [{ name: 'x', image: 'x' }] },
    });
  await createAnew(
    home,
    pod(agent, 'netchecker-agent'),
    pod(hostAgent, 'netchecker-agent-hostnet'),
    pod(quickAgent, 'netchecker-agent'),
  );
});

afterAll(async () => {
  await Promise.all([...running].map((each) => each.stop()));
  account.close();
  await kubectl(['delete', 'clusterrolebinding,clusterrole', home, '--ignore-not-found']);
  await kubectl(['delete', 'rolebinding,role', home, '-n', 'default', '--ignore-not-found']);
  const names = [agent, hostAgent, quickAgent].map((name) => `agents.network-checker.ext/${name}`);
  await kubectl(['delete', '-n', 'default', '--ignore-not-found', ...names]);
  await deleteNamespace(home);
  admin.close();
});

test('a report is stored, shown, counted and survives the server, byte by byte as the seed has it', async () => {
  const first = await serverAt('127.0.0.1', leading);
  expect(await check(first.url)).toEqual({
    status: 400,
    Message: expect.stringMatching(/./) as string,
    Absent: [hostAgent, agent, quickAgent].sort(),
    Outdated: [],
  });
  const before = Date.now();
  const answer = await post(first.url, agent, payload(agent));
  expect([answer.status, await answer.text()]).toEqual([200, '']);
  expect(answer.headers.get('content-type')).toBeNull();
  const object = await stored(agent);
  const lastUpdated = String(object?.spec['last_updated']);
  expect(Date.parse(lastUpdated)).toBeGreaterThanOrEqual(before);
  expect(object?.spec).toEqual(JSON.parse(specOf(agent, lastUpdated)));

  const one = await fetch(`${first.url}/api/v1/agents/${agent}`);
  expect(one.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const text = await one.text();
  expect(text).toMatch(
    /^\{"kind":"Agent","apiVersion":"network-checker\.ext\/v1","metadata":\{"name":"[^"]+","namespace":"default","uid":"/,
  );
  expect(text.endsWith(`},"spec":${specOf(agent, lastUpdated)}}`)).toBe(true);
  expect((JSON.parse(text) as Stored).metadata.resourceVersion).toBe(object?.metadata.resourceVersion);
  const all = await (await fetch(`${first.url}/api/v1/agents/`)).text();
  expect(all).toContain(`"${agent}":${specOf(agent, lastUpdated)}`);
  const series = [`ncagent_report_count_total{agent="${node}-private_network"} 1`];
  expect(await metric(first.url, new RegExp(`^ncagent_report_count_total.*${node}`))).toEqual(series);
  await first.stop();

  const second = await serverAt('127.0.0.1', leading);
  expect(await (await fetch(`${second.url}/api/v1/agents/${agent}`)).text()).toBe(text);
  expect(await metric(second.url, new RegExp(`^ncagent_report_count_total.*${node}`))).toEqual(series);
  await post(second.url, hostAgent, payload(hostAgent));
  await post(second.url, quickAgent, payload(quickAgent, { nodename: `quick-${node}` }));
  expect(await check(second.url)).toMatchObject({ Absent: null, Outdated: null, status: 200 });
  const probes = await metric(second.url, new RegExp(`^ncagent_http_probe_.*${node}-host_network`));
  expect(probes).toHaveLength(8);
  expect(probes[0]).toBe(
    `ncagent_http_probe_code{agent="${node}-host_network",url="http://netchecker-service:8081/api/v1/ping"} 200`,
  );
  await second.stop();
});

describe('a server', () => {
  let server: Server;
  beforeAll(async () => void (server = await serverAt('127.0.0.1', leading)));
  afterAll(() => server.stop());

  it('finds who stopped reporting, and counts each interval from the second on', async () => {
    const counted = async () =>
      Number(
        (await metric(server.url, new RegExp(`^ncagent_error_count_total.*late-${node}`)))[0]?.split(' ')[1] ?? -1,
      );
    await post(server.url, quickAgent, payload(quickAgent, { interval: 2, nodename: `late-${node}` }));
    expect((await check(server.url)).Outdated ?? []).not.toContain(quickAgent);
    await expect.poll(async () => (await check(server.url)).Outdated, { timeout: 10_000 }).toContain(quickAgent);
    expect((await check(server.url)).status).toBe(400);
    await expect.poll(counted, { timeout: 25_000, interval: 1000 }).toBeGreaterThan(0);
    await post(server.url, quickAgent, payload(quickAgent, { nodename: `late-${node}` }));
    expect((await check(server.url)).Outdated ?? []).not.toContain(quickAgent);
    const annotation = (await stored(quickAgent))?.metadata.annotations?.['netmachinery.io/netchecker-counts'];
    expect(JSON.parse(annotation ?? '{}')).toEqual({ reports: 2, errors: await counted() });
  });

  it('takes names of no agent and stores nothing of them', async () => {
    const stranger = `stranger-${suffix}`;
    for (const name of [stranger, 'No%20Name%21', '..%00', 'x'.repeat(3000)]) {
      const answer = await post(server.url, name, payload('x', { nodename: `stranger-${node}` }));
      expect([answer.status, await answer.text()]).toEqual([200, '']);
    }
    expect(await stored(stranger)).toBeUndefined();
    const shown = await (await fetch(`${server.url}/api/v1/agents/${stranger}`)).text();
    expect(shown).toMatch(
      /^\{"kind":"Agent",.*"metadata":\{"name":"stranger-\w+","namespace":"default","creationTimestamp":null\},"spec":/,
    );
    expect(await (await fetch(`${server.url}/api/v1/agents/`)).text()).not.toContain(stranger);
    const unknown = await fetch(`${server.url}/api/v1/agents/unknown-${suffix}`);
    expect([unknown.status, await unknown.text(), unknown.headers.get('content-type')]).toEqual([200, '', null]);
  });

  it('answers what is no report, or too long, and goes on', async () => {
    for (const body of ['', 'x', '{"nodename":1}', '['.repeat(100_000)]) {
      const answer = await post(server.url, agent, body);
      expect(answer.status).toBe(500);
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(await answer.text()).toMatch(/^.+\n$/);
    }
    expect(await metric(server.url, /^ncagent_report_count_total\{agent="-private_network"\}/)).toHaveLength(1);
    const ips = Object.fromEntries(Array.from({ length: 6000 }, (_, index) => [`veth${index}`, ['10.0.0.1/24']]));
    expect((await post(server.url, agent, JSON.stringify({ ips }))).status).toBe(200);
    expect((await stored(agent))?.spec['nodename']).toBe(node);
    // Its answer may come while it still sends, and then its connection is closed.
    const status = await post(server.url, agent, `{"a":"${'x'.repeat(3_000_000)}"}`).then(
      (answer) => answer.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect((await post(server.url, agent, payload(agent))).status).toBe(200);
  });

  it('closes connections that send nothing, or half of a report', async () => {
    const half = `POST /api/v1/agents/${agent} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"nodename":`;
    const closed = ['', half].map(
      (text) =>
        new Promise<void>((resolve) => {
          const socket = connect(server.port, server.address, () => socket.write(text));
          socket.on('error', () => undefined);
          socket.on('close', () => resolve());
          socket.resume();
        }),
    );
    expect(await Promise.race([Promise.all(closed), sleep(20_000, 'open')])).not.toBe('open');
  });

  it('writes an object no more often than once a second, and the last report in the end', async () => {
    const startedAtMs = Date.now();
    const versions = new Set<string>();
    const counting = new AbortController();
    const { metadata } = (await stored(agent)) ?? { metadata: { resourceVersion: '' } };
    const watching = (async () => {
      const options = { resourceVersion: metadata.resourceVersion, fieldSelector: `metadata.name=${agent}` };
      for await (const { object } of admin.watch<{ metadata: { name: string; resourceVersion: string } }>(objects, {
        ...options,
        signal: counting.signal,
      }))
        versions.add(object.metadata.resourceVersion);
    })().catch(() => undefined);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => post(server.url, agent, payload(agent, { uptime: index }))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    // Each of them may have come last.
    const last = JSON.parse(await (await fetch(`${server.url}/api/v1/agents/${agent}`)).text()) as Stored;
    expect((await stored(agent))?.spec['uptime']).toBe(last.spec['uptime']);
    await sleep(500);
    counting.abort();
    await watching;
    expect(versions.size).toBeLessThanOrEqual(2 + (Date.now() - startedAtMs) / 1000);
  });

  it('writes again what somebody deleted', async () => {
    await kubectl(['delete', '-n', 'default', `agents.network-checker.ext/${agent}`]);
    expect((await post(server.url, agent, payload(agent))).status).toBe(200);
    expect((await stored(agent))?.spec['nodename']).toBe(node);
  });

  it('keeps an object that the seed wrote, with nulls, and takes it over with the first report', async () => {
    const name = `netchecker-agent-old-${suffix}`;
    const spec = {
      report_interval: 60,
      nodename: 'n',
      podname: name,
      hostdate: '2020-01-01T00:00:00Z',
      uptime: 1,
      last_updated: '2020-01-01T00:00:00Z',
      nslookup: { a: null },
      network_probes: null,
      ips: { old0: ['10.0.0.1/8'] },
    };
    const object = {
      apiVersion: 'network-checker.ext/v1',
      kind: 'Agent',
      metadata: { name, namespace: 'default' },
      spec,
    };
    await admin.create(objects, object);
    try {
      expect((await stored(name))?.spec).toEqual(spec);
      await createAnew(
        home,
        podManifest(name, {
          labels: { app: 'netchecker-agent' },
          spec: { nodeSelector: { nowhere: suffix }, containers: [{ name: 'x', image: 'x' }] },
        }),
      );
      await expect.poll(async () => (await check(server.url)).Absent).toContain(name);
      expect((await post(server.url, name, payload(name))).status).toBe(200);
      expect((await stored(name))?.spec['ips']).toEqual({ eth0: ['10.1.0.7/24', 'fe80::1/64'] });
      expect((await stored(name))?.metadata.labels).toBeUndefined();
      await kubectl(['delete', 'pod', '-n', home, name, '--now']);
      await expect.poll(async () => (await check(server.url)).Absent ?? []).not.toContain(name);
      expect(await (await fetch(`${server.url}/api/v1/agents/`)).text()).not.toContain(name);
    } finally {
      await kubectl(['delete', '-n', 'default', `agents.network-checker.ext/${name}`, '--ignore-not-found']);
    }
  });

  it('deletes objects of its own whose pod is gone, after a while', async () => {
    const name = `netchecker-agent-gone-${suffix}`;
    await createAnew(
      home,
      podManifest(name, {
        labels: { app: 'netchecker-agent' },
        spec: { nodeSelector: { nowhere: suffix }, containers: [{ name: 'x', image: 'x' }] },
      }),
    );
    await expect.poll(async () => (await check(server.url)).Absent).toContain(name);
    await post(server.url, name, payload(name));
    expect(await stored(name)).toBeDefined();
    await kubectl(['delete', 'pod', '-n', home, name, '--now']);
    await expect.poll(() => stored(name), { timeout: 40_000, interval: 1000 }).toBeUndefined();
  });
});

describe('of two replicas', () => {
  it('one leads and the other forwards, until they change places', async () => {
    const one = await serverAt('127.0.0.1', { isOurs: true, address: '127.0.0.1' });
    const two = await serverAt('127.0.0.2', { isOurs: false, address: '127.0.0.1' }, one.port);
    expect((await post(two.url, agent, payload(agent, { uptime: 7 }))).status).toBe(200);
    for (const { url } of [one, two]) {
      const text = await (await fetch(`${url}/api/v1/agents/${agent}`)).text();
      expect((JSON.parse(text) as Stored).spec['uptime']).toBe(7);
    }
    const unknown = await fetch(`${two.url}/api/v1/agents/unknown-${suffix}`);
    expect([unknown.status, await unknown.text(), unknown.headers.get('content-type')]).toEqual([200, '', null]);
    expect((await post(two.url, agent, 'x')).status).toBe(500);

    // Nobody leads, or each takes the other for the leader: nothing is taken.
    one.lead.isOurs = false;
    one.lead.address = two.address;
    expect((await post(one.url, agent, payload(agent, { uptime: 8 }))).status).toBe(503);
    two.lead.isOurs = true;
    two.lead.address = two.address;
    expect((await post(one.url, agent, payload(agent, { uptime: 9 }))).status).toBe(200);
    expect((await stored(agent))?.spec['uptime']).toBe(9);
    await two.stop();
    expect((await fetch(`${one.url}/api/v1/agents/`)).status).toBe(503);
    expect((await fetch(`${one.url}/api/v1/ping`)).status).toBe(200);
    await one.stop();
  });
});

test('who may not store says so once, and agents are answered all the same', async () => {
  const forbidden = await connectCluster({ as: `system:serviceaccount:${home}:default` });
  const said: string[] = [];
  const log = (line: string): void => void said.push(line);
  const server = await startLegacy({ cluster: forbidden, port: 0, host: '127.0.0.1', log, leader: () => leading });
  try {
    const url = `http://127.0.0.1:${server.port}`;
    const answer = await fetch(`${url}/api/v1/connectivity_check`);
    expect([answer.status, await answer.text()]).toEqual([500, 'the pods or reports of agents cannot be read yet\n']);
    expect((await post(url, agent, payload(agent))).status).toBe(200);
    expect(said.join('\n')).toContain('forbidden');
  } finally {
    await server.stop();
    forbidden.close();
  }
});
