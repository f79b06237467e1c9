// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:tls';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi } from '../../../src/agents/check-server/openapi.js';
import { askStatus } from '../../../src/agents/check-status/main.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { checkServerName, type CheckReport } from '../../../src/model/check.js';
import { createNamespace, deleteNamespace, kubectl } from '../../e2e/kubectl.js';
import {
  agentPod,
  ask,
  checkAccounts,
  fakeNode,
  installCheckAgents,
  podToken,
  removeAccounts,
  reportOf,
  serverIn,
  token,
  type Answered,
  type TestPlace,
  type TestServer,
} from './check-server-world.js';
import { once } from './controller-world.js';
import { takeTurn } from '../../cluster/take-turn.js';

// Uninstalling a check takes the definition of its objects away from the whole cluster.
await takeTurn('checkagents');

const intervalMs = 2000;
let admin: Cluster;
let place: TestPlace;
let user: string;
let servers: TestServer[] = [];
let ca = '';
let node = '';
let reader = '';
let agent = '';
let second = '';

const path = (pod: string) => `/api/v2/agents/${pod}`;
const settings = () => ({
  intervalMs,
  neighbours: 10,
  payloadEntries: 100,
  urls: [],
  networks: ['pod', 'host'],
  legacyApi: false,
  selection: {
    nodeSelector: { 'netmachinery.test/check': place.namespace },
    tolerations: [],
    includeUnschedulable: true,
  },
});

const asked = (server: TestServer | undefined, request: Omit<Parameters<typeof ask>[1], 'ca' | 'serverName'>) =>
  ask(server?.running.ports.api ?? 0, { ...request, ca, serverName: `${checkServerName}.${place.namespace}.svc` });
const leader = () => servers.find(({ running }) => running.isLeading);
const report = (overrides: object = {}, pod = 'agent-1', network: 'pod' | 'host' = 'pod', where = place.namespace) =>
  JSON.stringify({ ...reportOf(where, network, node, pod), ...overrides });
const posted = (server: TestServer | undefined, body: string | Buffer = report(), bearer = agent, pod = 'agent-1') =>
  asked(server, { method: 'POST', path: path(pod), token: bearer, body });

interface Stored {
  metadata: { name: string; resourceVersion: string };
  status: {
    state: string;
    verdict?: string;
    pod?: string;
    reports: number;
    outages: { state: string; from: string; to?: string }[];
  };
}

async function stored(name: string): Promise<Stored | undefined> {
  return admin
    .get<Stored>(`/apis/netmachinery.io/v1/namespaces/${place.namespace}/checkagents/${name}`)
    .catch(() => undefined);
}

async function begin(name: string, requestMs?: number): Promise<TestServer> {
  const server = await serverIn(place, user, name, await token(admin, place.namespace, checkServerName), requestMs);
  servers.push(server);
  return server;
}

async function end(server: TestServer): Promise<void> {
  servers = servers.filter((each) => each !== server);
  await server.running.stop();
  server.cluster.close();
}

async function leads(server: TestServer): Promise<void> {
  const url = `http://127.0.0.1:${server.running.ports.health}/readyz`;
  await once(
    async () => server.running.isLeading && (await fetch(url)).status,
    (status) => status === 200,
  );
}

beforeAll(async () => {
  admin = await connectCluster({});
  await installCheckAgents();
  const [namespace, hostNamespace] = await Promise.all([
    createNamespace('check-srv'),
    createNamespace('check-srv-host'),
  ]);
  place = { namespace, hostNamespace };
  node = `${namespace}-node`;
  user = await checkAccounts(place, settings());
  await fakeNode(admin, node, namespace);
  await agentPod(admin, namespace, 'pod', node, 'agent-1');
  await agentPod(admin, hostNamespace, 'host', node, 'agent-2');
  [agent, second, reader] = await Promise.all([
    podToken(admin, namespace, 'agent-1'),
    podToken(admin, hostNamespace, 'agent-2'),
    token(admin, namespace, checkServerName),
  ]);
  const server = await begin('one');
  await leads(server);
  const map = `/api/v1/namespaces/${hostNamespace}/configmaps/netmachinery-check-authority`;
  ca = await once(
    async () => (await admin.get<{ data: { 'ca.crt': string } }>(map).catch(() => undefined))?.data['ca.crt'] ?? '',
    (text) => text.includes('BEGIN CERTIFICATE'),
  );
});

afterAll(async () => {
  await Promise.all(servers.map(end));
  await removeAccounts(place);
  await kubectl(['delete', 'node', '-l', `netmachinery.test/check=${place.namespace}`, '--ignore-not-found']);
  await Promise.all([place.namespace, place.hostNamespace].map(deleteNamespace));
  admin.close();
});

describe('a report', () => {
  test('is answered with orders when what it changes is in the Kubernetes API', async () => {
    const answer = await posted(leader());
    expect(answer).toMatchObject({ status: 200, body: { settings: { intervalMs } } });
    const { targets } = answer.body as { targets: { kind: string; network?: string }[] };
    expect(new Set(targets.map(({ kind }) => kind))).toEqual(new Set(['agent', 'server', 'api', 'dns']));
    expect(await stored(`${node}.pod`)).toMatchObject({ status: { state: 'OK', verdict: 'pass', pod: 'agent-1' } });
    const before = await stored(`${node}.pod`);
    expect((await posted(leader())).status).toBe(200);
    expect((await stored(`${node}.pod`))?.metadata.resourceVersion).toBe(before?.metadata.resourceVersion);
    const failed = { outcomes: [{ kind: 'api', values: { tcp: 'timeout' } }] };
    expect((await posted(leader(), report(failed))).status).toBe(200);
    expect(await stored(`${node}.pod`)).toMatchObject({ status: { verdict: 'fail' } });
    expect((await posted(leader(), report({}, 'agent-2', 'host', place.hostNamespace), second, 'agent-2')).status).toBe(
      200,
    );
  });

  test('of somebody else, of nobody, or of another name is refused', async () => {
    const server = leader();
    const unknown = await asked(server, { method: 'POST', path: path('agent-1'), body: report() });
    expect(unknown).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect((await posted(server, report(), 'not.a.token')).status).toBe(401);
    // Of another audience.
    expect((await posted(server, report(), reader)).status).toBe(401);
    expect((await posted(server, report(), second)).status).toBe(403);
    expect((await posted(server, report({}, 'agent-1'), agent, 'agent-2')).status).toBe(403);
    const other = { agent: { ...reportOf(place.namespace, 'pod', node, 'agent-1').agent, node: 'node1' } };
    expect((await posted(server, report(other))).status).toBe(403);
    const unbound = await token(admin, place.namespace, 'netmachinery-check-agent', {
      audiences: ['netmachinery-check'],
    });
    expect((await posted(server, report(), unbound)).status).toBe(403);
  });

  test('that is none, or too much, is refused, and so are other methods and paths', async () => {
    const server = leader();
    expect((await posted(server, '{')).status).toBe(400);
    expect((await posted(server, Buffer.from([0xff, 0xfe]))).status).toBe(400);
    expect((await posted(server, report({ kernel: 7 }))).body).toEqual({
      error: 'kernel must be a text of at most 1024 characters',
    });
    expect((await posted(server, report({ kernel: 'x'.repeat(1024 * 1024) }))).status).toBe(413);
    expect(await asked(server, { method: 'PUT', path: path('agent-1'), token: agent })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST' },
    });
    expect((await asked(server, { method: 'POST', path: '/api/v2/nodes', token: reader, body: '' })).status).toBe(405);
    expect((await asked(server, { path: '/api/v2/none', token: reader })).status).toBe(404);
    expect((await asked(server, { path: '/' })).status).toBe(404);
  });

  test('of 50 agents of a node that does not exist is answered with 404', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `ghost-${index}`);
    const answers: Answered[] = [];
    for (const name of names) {
      await agentPod(admin, place.namespace, 'pod', `${node}-gone`, name);
      const ghost = await podToken(admin, place.namespace, name);
      const body = JSON.stringify(reportOf(place.namespace, 'pod', `${node}-gone`, name));
      answers.push(await posted(leader(), body, ghost, name));
    }
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(await stored(`${node}-gone.pod`)).toBeUndefined();
  });

  test('of any shape is never an error of the server', async () => {
    const leaf = fc.oneof(fc.jsonValue(), fc.string(), fc.double(), fc.constant('__proto__'));
    const base = reportOf(place.namespace, 'pod', node, 'agent-1');
    const fields = Object.keys(base);
    const shapes = fc.oneof(
      fc.json(),
      fc.tuple(fc.constantFrom(...fields), leaf).map(([name, value]) => JSON.stringify({ ...base, [name]: value })),
      fc.array(leaf).map((outcomes) => JSON.stringify({ ...base, outcomes })),
      fc
        .array(fc.record({ kind: fc.constantFrom('agent', 'dns', 'x'), values: leaf }, { requiredKeys: [] }))
        .map((outcomes) => JSON.stringify({ ...base, outcomes })),
    );
    await fc.assert(
      fc.asyncProperty(shapes, async (body) => {
        expect([200, 400, 403]).toContain((await posted(leader(), body)).status);
      }),
      { numRuns: 200 },
    );
    expect(leader()?.lines.filter((line) => line.includes('failed'))).toEqual([]);
  });
});

describe('what is read', () => {
  test('is as the OpenAPI document says, on every path of it', async () => {
    const server = leader();
    expect((await posted(server)).status).toBe(200);
    expect((await asked(server, { path: '/api/v2/openapi.json' })).body).toEqual(JSON.parse(JSON.stringify(openApi)));
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'api', ...openApi });
    let tried = 0;
    for (const [name, methods] of Object.entries(openApi.paths)) {
      if (!('get' in methods)) continue;
      const answer = await asked(server, { path: name.replace('{pod}', 'agent-1'), token: reader });
      expect(answer.status).toBe(200);
      const pointer = `api#/paths/${name.replaceAll('/', '~1').replace('{pod}', '%7Bpod%7D')}/get/responses/200/content/application~1json/schema`;
      const isValid = ajv.validate({ $ref: pointer }, answer.body);
      expect(ajv.errors ?? []).toEqual([]);
      expect(isValid).toBe(true);
      tried += 1;
    }
    expect(tried).toBe(7);
  });

  test('needs a user who may get CheckAgents', async () => {
    const server = leader();
    expect((await asked(server, { path: '/api/v2/status' })).status).toBe(401);
    const stranger = await token(admin, place.namespace, 'default');
    expect((await asked(server, { path: '/api/v2/status', token: stranger })).status).toBe(403);
    expect((await asked(server, { path: path('nobody'), token: reader })).status).toBe(404);
  });

  test('is had over loopback by check-status, with what silent agents have told', async () => {
    const control = reportOf(place.hostNamespace, 'host', node, 'agent-2');
    const text = await askStatus(leader()?.running.ports.loopback ?? 0, JSON.stringify({ reports: [control] }));
    expect(JSON.parse(text)).toMatchObject({ kind: 'CheckReport', mode: 'installed', nodes: [{ name: node }] });
    await expect(askStatus(leader()?.running.ports.loopback ?? 0, '{"reports":[7]}')).rejects.toThrow(
      /status 400: [^{}]+$/,
    );
  });

  test('has metrics', async () => {
    expect((await posted(leader())).status).toBe(200);
    const text = await (await fetch(`http://127.0.0.1:${leader()?.running.ports.metrics}/metrics`)).text();
    expect(text).toContain(`netmachinery_check_agent_up{node="${node}",network="pod"} 1`);
    expect(text).toContain('netmachinery_check_leader 1');
    expect(text).toMatch(/netmachinery_check_reports_total\{network="pod"\} [1-9]/);
    expect(text).toMatch(/netmachinery_check_verdict\{verdict="\w+"\} 1/);
  });
});

describe('state', () => {
  test('silent agents are Outdated, then Absent, with their outage, and are well again with a report', async () => {
    await posted(leader());
    await expect.poll(async () => (await stored(`${node}.pod`))?.status.state, { timeout: 30_000 }).toBe('Outdated');
    await expect.poll(async () => (await stored(`${node}.pod`))?.status.state, { timeout: 60_000 }).toBe('Absent');
    const answer = await asked(leader(), { path: '/api/v2/status', token: reader });
    expect((answer.body as CheckReport).nodes).toMatchObject([{ name: node, state: 'Absent' }]);
    expect((await posted(leader())).status).toBe(200);
    const { status } = (await stored(`${node}.pod`)) ?? { status: undefined };
    expect(status?.state).toBe('OK');
    expect(status?.outages[0]).toMatchObject({ state: 'Absent', to: expect.any(String) as string });
  });

  test('a standby passes on, and another leader knows all that was acknowledged', async () => {
    const first = leader();
    const other = await begin('two', 2000);
    const { health, loopback } = other.running.ports;
    await expect
      .poll(async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).status, { timeout: 60_000 })
      .toBe(200);
    expect(other.running.isLeading).toBe(false);
    await expect.poll(async () => (await posted(other)).status, { timeout: 30_000 }).toBe(200);
    expect((await asked(other, { path: '/api/v2/history', token: reader })).status).toBe(200);
    expect(JSON.parse(await askStatus(loopback, '{"reports":[]}'))).toMatchObject({ kind: 'CheckReport' });
    // Agents go on reporting, each time another state, to both, while the leader ends.
    const over = new AbortController();
    let acknowledged = '';
    const statuses = new Set<number>();
    const reporting = (async () => {
      for (let round = 0; !over.signal.aborted; round++) {
        const verdict = round % 2 === 0 ? 'pass' : 'fail';
        const outcomes = [{ kind: 'api', values: { tcp: verdict === 'pass' ? 1 : 'refused' } }];
        const { status } = await posted(other, report({ outcomes }));
        statuses.add(status);
        if (status !== 200) continue;
        acknowledged = verdict;
        expect((await stored(`${node}.pod`))?.status.verdict).toBe(verdict);
      }
    })();
    if (first !== undefined) await end(first);
    await leads(other);
    await expect.poll(() => acknowledged, { timeout: 20_000 }).not.toBe('');
    over.abort();
    await reporting;
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    const history = await asked(other, { path: '/api/v2/history', token: reader });
    expect((history.body as { items: object[] }).items).toContainEqual(
      expect.objectContaining({ node, network: 'pod', state: 'Absent' }),
    );
  });

  test('after a restart nobody is late for 2 intervals, and what may be old is marked so', async () => {
    const before = leader();
    await posted(before);
    if (before !== undefined) await end(before);
    const server = await begin('three', 2000);
    await leads(server);
    const { body } = await asked(server, { path: '/api/v2/status', token: reader });
    const [pod] = (body as CheckReport).nodes[0]?.agents ?? [];
    expect(pod).toMatchObject({ network: 'pod', state: 'OK', pod: 'agent-1', lags: true });
    await expect.poll(async () => (await stored(`${node}.pod`))?.status.state, { timeout: 30_000 }).toBe('Outdated');
  });

  test('slow clients lose their connection, and others do not notice', async () => {
    const server = leader();
    const socket = connect({ port: server?.running.ports.api ?? 0, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    const head = `POST ${path('agent-1')} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${agent}\r\ncontent-length: 1000\r\n\r\n{`;
    socket.write(head);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    expect((await posted(server)).status).toBe(200);
    await closed;
    expect(text).toMatch(/^HTTP\/1.1 408|^$/);
    expect(server?.lines.filter((line) => line.includes('request failed'))).toEqual([]);
  });

  test('agents of a node that goes are forgotten', async () => {
    await posted(leader());
    expect(await stored(`${node}.pod`)).toBeDefined();
    await kubectl(['delete', 'node', node]);
    await expect.poll(() => stored(`${node}.pod`), { timeout: 30_000 }).toBeUndefined();
    await expect.poll(() => stored(`${node}.host`), { timeout: 30_000 }).toBeUndefined();
    await expect.poll(async () => (await posted(leader())).status).not.toBe(200);
  });
});
