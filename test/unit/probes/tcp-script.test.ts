// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LineSplitter } from '../../../src/probes/lines.js';
import type { ProbeParser, RemoteCommand } from '../../../src/probes/probe.js';
import { tcpParser } from '../../../src/probes/tcp-parser.js';
import { tcpCommand, type TcpDestination } from '../../../src/probes/tcp.js';
import { tlsParser } from '../../../src/probes/tls-parser.js';
import { tlsCommand } from '../../../src/probes/tls.js';
import { udpParser } from '../../../src/probes/udp-parser.js';
import { udpCommand, type UdpDestination } from '../../../src/probes/udp.js';

// The scripts as they are sent, on loopback. What only a network can do is in recorded/.
const missing = ['bash', 'dd', 'base64', 'openssl', 'getent'].filter(
  (tool) => spawnSync('sh', ['-c', 'command -v "$0"', tool]).status !== 0,
);

interface Finished<Outcome> {
  outcomes: Outcome[];
  exitCode: number;
  ms: number;
}

/** Runs a command until nobody holds its output any more, as an exec does. stdin stays open until `letGoMs`. */
async function execute<Event, Outcome>(
  { argv }: RemoteCommand,
  parser: ProbeParser<Event, Outcome>,
  letGoMs?: number,
): Promise<Finished<Outcome>> {
  const began = performance.now();
  const [program = '', ...rest] = argv;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const [stdout, stderr] = [new LineSplitter(), new LineSplitter()];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk).forEach((line) => parser.stdout(line)));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk).forEach((line) => parser.stderr(line)));
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close');
  if (letGoMs !== undefined) void sleep(letGoMs).then(() => child.stdin.end());
  const [code] = (await closed) as [number | null];
  child.stdin.destroy();
  const exitCode = code ?? -1;
  return { outcomes: parser.end(exitCode), exitCode, ms: performance.now() - began };
}

describe.skipIf(missing.length > 0)(`the remote scripts (missing here: ${missing.join(', ') || 'nothing'})`, () => {
  let open: Server;
  let full: Server;
  const ports = { open: 0, closed: 0, echo: 0, mute: 0 };
  const [echo, mute] = [createSocket('udp4'), createSocket('udp4')];

  beforeAll(async () => {
    open = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
    full = createServer().listen(0, '127.0.0.1');
    echo.on('message', (datagram, from) => echo.send(datagram, from.port)).bind(0, '127.0.0.1');
    mute.bind(0, '127.0.0.1');
    await Promise.all([open, full, echo, mute].map((socket) => once(socket, 'listening')));
    ports.open = (open.address() as AddressInfo).port;
    ports.closed = (full.address() as AddressInfo).port;
    ports.echo = echo.address().port;
    ports.mute = mute.address().port;
    full.close();
    await once(full, 'close');
  });
  afterAll(() => {
    open.close();
    echo.close();
    mute.close();
  });

  const tcpDestination = (index: number, port: number): TcpDestination => ({
    index,
    family: 4,
    address: '127.0.0.1',
    port,
  });

  it('times what answers and ends although stdin is open', async () => {
    const request = {
      destinations: [
        tcpDestination(0, ports.open),
        tcpDestination(1, ports.closed),
        { index: 2, family: 4 as const, host: 'localhost', port: ports.open },
        { index: 3, family: 4 as const, host: 'no-such-name.invalid', port: 80 },
      ],
      connectTimeoutMs: 3000,
      leash: true,
    };
    const { outcomes, exitCode, ms } = await execute(tcpCommand(request), tcpParser(request));
    expect(outcomes.map(({ reason }) => reason)).toEqual(['Connected', 'Refused', 'Connected', 'NameNotFound']);
    expect(outcomes[0]?.attempts).toHaveLength(3);
    expect(outcomes[2]?.address).toBe('127.0.0.1');
    expect(exitCode).toBe(0);
    expect(ms).toBeLessThan(3500);
  });

  it('takes no more connects than it reports, and one to begin with', async () => {
    let connects = 0;
    // A server of its own: connects of other tests may still wait to be accepted by theirs.
    const counted = createServer((socket) => {
      connects += 1;
      socket.on('error', () => undefined).resume();
    }).listen(0, '127.0.0.1');
    await once(counted, 'listening');
    const { port } = counted.address() as AddressInfo;
    const request = { destinations: [tcpDestination(0, port)], attempts: 5, leash: false };
    const { outcomes } = await execute(tcpCommand(request), tcpParser(request));
    // What the kernel has queued comes in its own time; one connect too many would come then as well.
    await vi.waitFor(() => expect(connects).toBeGreaterThanOrEqual(6));
    await sleep(50);
    counted.close();
    expect(outcomes[0]?.attempts).toHaveLength(5);
    expect(connects).toBe(6);
  });

  const udpDestination = (index: number, port: number, payload: Buffer): UdpDestination => ({
    ...tcpDestination(index, port),
    payload,
  });
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

  it('sends any bytes as one datagram', async () => {
    const received: Buffer[] = [];
    echo.on('message', (datagram) => received.push(datagram));
    const request = {
      destinations: [udpDestination(0, ports.echo, everyByte), udpDestination(1, ports.closed, everyByte)],
      timeoutMs: 3000,
      leash: true,
    };
    const { outcomes, ms } = await execute(udpCommand(request), udpParser(request));
    expect(outcomes.map(({ reason }) => reason)).toEqual(['Answered', 'Refused']);
    expect(outcomes[0]?.answer).toEqual(everyByte);
    expect(received).toEqual([everyByte]);
    expect(ms).toBeLessThan(3500);
  });

  it('asks again where there is silence, and lets go when nobody waits', async () => {
    const destinations = [udpDestination(0, ports.mute, Buffer.from('netmachinery'))];
    const request = { destinations, timeoutMs: 600, leash: true };
    const silent = await execute(udpCommand(request), udpParser(request));
    expect(silent.outcomes[0]).toMatchObject({ reason: 'Silent', attempts: Array(3).fill({ reason: 'Silent' }) });
    const long = { ...request, timeoutMs: 60_000 };
    const left = await execute(udpCommand(long), udpParser(long), 300);
    expect(left.exitCode).toBe(143);
    expect(left.outcomes[0]?.reason).toBe('ToolFailed');
    expect(left.ms).toBeLessThan(10_000);
  });

  it('speaks TLS to what does not, and waits no longer than it should', async () => {
    const request = {
      destinations: [
        { index: 0, address: '127.0.0.1', port: ports.closed },
        { index: 1, address: '127.0.0.1', port: ports.open, serverName: 'web.shop.svc' },
      ],
      timeoutMs: 700,
      leash: true,
    };
    const { outcomes, exitCode } = await execute(tlsCommand(request), tlsParser(request));
    expect(outcomes).toEqual([
      { index: 0, error: 'Connection refused' },
      { index: 1, error: 'no TLS handshake within 700 ms' },
    ]);
    expect(exitCode).toBe(0);
  });
});
