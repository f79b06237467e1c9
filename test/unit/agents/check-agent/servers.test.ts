// SPDX-License-Identifier: Apache-2.0
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { echoAnswer, echoRequest, isEchoAnswer } from '../../../../src/agents/check-agent/echo-datagram.js';
import { dnsProbe } from '../../../../src/agents/check-agent/probes/dns-probe.js';
import { Names } from '../../../../src/agents/check-agent/probes/names.js';
import { sendReport } from '../../../../src/agents/check-agent/report/send-report.js';
import { reportOf } from '../../../../src/agents/check-agent/round.js';
import { mostPayloadBytes, startAgentServer } from '../../../../src/agents/check-agent/servers/agent-server.js';
import { HeardCounts, isLoopback } from '../../../../src/agents/check-agent/servers/heard.js';
import { startUdpEcho } from '../../../../src/agents/check-agent/servers/udp-echo.js';
import { issueCertificate } from '../../../../src/agents/certificates/issue.js';
import type { AgentOrders } from '../../../../src/model/check.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('HeardCounts', () => {
  it('counts by address and forgets', () => {
    let nowMs = 0;
    const heard = new HeardCounts(60_000, () => nowMs);
    heard.count('udp', '::ffff:198.18.1.2');
    heard.count('tcp', '198.18.1.2');
    nowMs = 30_000;
    heard.count('udp', '2001:2::5%eth0');
    expect(heard.since(60_000)).toEqual([
      { address: '198.18.1.2', udp: 1, tcp: 1 },
      { address: '2001:2::5', udp: 1, tcp: 0 },
    ]);
    expect(heard.since(10_000)).toEqual([{ address: '2001:2::5', udp: 1, tcp: 0 }]);
    nowMs = 100_000;
    expect(heard.since(60_000)).toEqual([]);
  });

  it('remembers no more addresses than a bound', () => {
    const heard = new HeardCounts(60_000);
    for (let each = 0; each < 5000; each++) heard.count('udp', `198.18.${each >> 8}.${each & 255}`);
    expect(heard.since(60_000)).toHaveLength(4096);
  });

  it('knows its own network namespace', () => {
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.9'].every(isLoopback)).toBe(true);
    expect(['198.18.1.2', '::ffff:198.18.1.2', '::2', undefined].some(isLoopback)).toBe(false);
  });
});

describe('the UDP echo', () => {
  it('answers as much as came, only to requests, and never an answer', async () => {
    const request = echoRequest();
    const answer = echoAnswer(request) ?? Buffer.of();
    expect(answer).toHaveLength(request.length);
    expect(isEchoAnswer(request, answer)).toBe(true);
    expect(echoAnswer(answer)).toBeUndefined();

    const port = 27_593;
    const heard: string[] = [];
    const echo = await startUdpEcho(port, '127.0.0.1', (address) => heard.push(address));
    closing.push(() => echo.close());
    const client = createSocket('udp4');
    closing.push(() => client.close());
    const answers: Buffer[] = [];
    client.on('message', (datagram: Buffer) => answers.push(datagram));
    for (const datagram of [answer, Buffer.from('hello'), request]) client.send(datagram, port, '127.0.0.1');
    await once(client, 'message');
    await sleep(50);
    expect(answers).toEqual([answer]);
    expect(heard).toEqual(['127.0.0.1']);
    await expect(startUdpEcho(port, '127.0.0.1', () => undefined)).rejects.toThrow(`cannot listen on UDP port ${port}`);
  });
});

describe('the HTTP server', () => {
  it('counts a payload, and refuses one that is too long', async () => {
    const server = await startAgentServer({
      port: 0,
      host: '127.0.0.1',
      heard: new HeardCounts(1000),
      report: () => undefined,
    });
    closing.push(() => server.close(0));
    const post = (body: string | ReadableStream) =>
      fetch(`http://127.0.0.1:${server.port}/payload`, { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(await (await post('[0,0]')).text()).toBe('5\n');
    expect((await post('x'.repeat(mostPayloadBytes))).status).toBe(200);
    expect(
      await post('x'.repeat(mostPayloadBytes + 1)).then(
        ({ status }) => status,
        () => 'cut',
      ),
    ).not.toBe(200);
    // Of a stream nobody says how long it is.
    const stream = new Blob(['x'.repeat(mostPayloadBytes + 1)]).stream();
    expect(
      await post(stream).then(
        ({ status }) => status,
        () => 'cut',
      ),
    ).not.toBe(200);
    expect((await fetch(`http://127.0.0.1:${server.port}/payload`)).status).toBe(405);
    expect(await (await fetch(`http://127.0.0.1:${server.port}/ping`)).text()).toBe('pong\n');
  });
});

describe('dnsProbe', () => {
  it.each(['127.0.0.1', '::1'])('tells a port of %s that nobody listens on', async (address) => {
    expect((await dnsProbe(address, 9, 'kubernetes.default.svc.cluster.local.')).value).toBe('refused');
  });

  it('gives a silent server three seconds', async () => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    closing.push(() => silent.close());
    let queries = 0;
    silent.on('message', () => queries++);
    expect((await dnsProbe('127.0.0.1', silent.address().port, 'x.example.')).value).toBe('timeout');
    expect(queries).toBe(3);
  });
});

describe('sendReport', () => {
  it('goes to an endpoint with the certificate of the name where the name is not found', async () => {
    const name = 'netmachinery-check-server.netmachinery-check.svc';
    const { certificate, key, authority } = await issueCertificate([name], Date.now());
    const folder = mkdtempSync(join(tmpdir(), 'nmchk-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const access = { name, token: join(folder, 'token'), authority: join(folder, 'ca.crt') };
    writeFileSync(access.token, 'secret\n');
    writeFileSync(access.authority, authority);

    const settings = { intervalMs: 15_000, neighbours: 10, payloadEntries: 1500, urls: [] };
    const asked: (string | undefined)[] = [];
    let status = 200;
    const server = createServer({ cert: certificate, key }, (request, response) => {
      asked.push(request.method, request.url, request.headers.authorization);
      request.resume().once('end', () => response.writeHead(status).end(JSON.stringify({ settings, targets: [] })));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const orders: AgentOrders = {
      settings,
      targets: [{ kind: 'server', via: 'endpoint', address: '127.0.0.1', port, probes: [] }],
    };
    const own = { node: 'n', network: 'pod' as const, namespace: 'ns', pod: 'agent-1', ips: [] };
    const sending = {
      access,
      names: new Names(),
      report: reportOf(own, orders),
      orders,
      signal: new AbortController().signal,
    };
    expect(await sendReport(sending)).toEqual({ orders: { settings, targets: [] } });
    expect(asked).toEqual(['POST', '/api/v2/agents/agent-1', 'Bearer secret']);
    status = 404;
    expect(await sendReport(sending)).toEqual({ trouble: 'the server does not know agent agent-1 (404)' });
    // Another authority.
    writeFileSync(access.authority, (await issueCertificate([name], Date.now())).authority);
    expect(await sendReport(sending)).toMatchObject({ trouble: expect.stringContaining('not reached') as string });
  });
});
