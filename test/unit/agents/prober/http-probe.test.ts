// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { httpProbe, type HttpAttempt } from '../../../../src/agents/prober/http-probe.js';
import { startPingServer } from '../../../../src/agents/prober/ping-server.js';
import { reasonOfError } from '../../../../src/agents/prober/probe-result.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const probe = (port: number, ip = '127.0.0.1', timeoutMs = 2000): Promise<HttpAttempt> =>
  httpProbe(ip, port, timeoutMs, new AbortController().signal);

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}
const tcpServer = (onSocket: (socket: Socket) => void): Promise<number> =>
  listening(
    createServer((socket) => {
      closing.push(() => socket.destroy());
      onSocket(socket.on('error', () => undefined));
    }),
  );

const connected = { seconds: expect.any(Number) as number };

describe('httpProbe', () => {
  it.each(['127.0.0.1', '::1'])('measures the connection and the response of %s', async (ip) => {
    const server = await startPingServer(0, ip);
    closing.push(() => server.close(0));
    const { tcp, http } = await probe(server.port, ip);
    if (!('seconds' in tcp && 'seconds' in http)) throw new Error(JSON.stringify({ tcp, http }));
    expect(tcp.seconds).toBeGreaterThan(0);
    expect(http.seconds).toBeGreaterThan(tcp.seconds);
  });

  it('connects anew for each attempt', async () => {
    let connections = 0;
    const server = createHttpServer((_request, response) => response.end('pong\n'));
    server.on('connection', () => connections++);
    const port = await listening(server);
    await probe(port);
    await probe(port);
    expect(connections).toBe(2);
  });

  it('tells a refused connection', async () => {
    const server = await startPingServer(0, '127.0.0.1');
    await server.close(0);
    expect(await probe(server.port)).toEqual({ tcp: { failure: 'refused' }, http: { failure: 'refused' } });
  });

  it('tells a server that accepts but does not answer', async () => {
    const port = await tcpServer(() => undefined);
    expect(await probe(port, '127.0.0.1', 100)).toEqual({ tcp: connected, http: { failure: 'timeout' } });
  });

  it('tells a connection that is reset, or ends without a response', async () => {
    const resets = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await probe(resets)).toEqual({ tcp: connected, http: { failure: 'reset' } });
    const ends = await tcpServer((socket) => socket.once('data', () => socket.end()));
    expect(await probe(ends)).toEqual({ tcp: connected, http: { failure: 'reset' } });
  });

  it('tells a status that is not 200, and what is not HTTP', async () => {
    const gone = await listening(createHttpServer((_request, response) => response.writeHead(503).end()));
    expect(await probe(gone)).toEqual({ tcp: connected, http: { failure: 'http-status' } });
    const other = await tcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await probe(other)).toEqual({ tcp: connected, http: { failure: 'other' } });
  });

  it('takes an answer that comes byte by byte, and what comes before the last head', async () => {
    const answer = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nx: y\r\n\r\n';
    const port = await tcpServer((socket) => {
      socket.setNoDelay();
      socket.once('data', () => {
        for (let at = 0; at < answer.length; at++) setTimeout(() => socket.write(answer.charAt(at)), at);
      });
    });
    expect(await probe(port)).toEqual({ tcp: connected, http: connected });
  });

  it.each([
    ['a head that does not end', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n', 'other'],
    ['only dots', '', '.', 'other'],
    ['a status and silence', 'HTTP/1.1 200 OK\r\n', '', 'timeout'],
  ])('ends with %s', async (_name, first, again, failure) => {
    const port = await tcpServer((socket) => {
      socket.write(first);
      const more = setInterval(() => socket.write(again.repeat(500)), 1);
      socket.once('close', () => clearInterval(more));
    });
    expect(await probe(port, '127.0.0.1', 500)).toEqual({ tcp: connected, http: { failure } });
  });

  it('has measured once the head is there, and cuts a body that does not end', async () => {
    let closed = false;
    const port = await tcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = setInterval(() => socket.write('x'), 1);
      socket.once('close', () => {
        clearInterval(more);
        closed = true;
      });
    });
    expect(await probe(port, '127.0.0.1', 200)).toEqual({ tcp: connected, http: connected });
    await vi.waitFor(() => expect(closed).toBe(true), 5000);
  });

  it('never rejects, and has one of the two outcomes, whatever is answered', async () => {
    let answer: Uint8Array = Buffer.alloc(0);
    const port = await tcpServer((socket) => socket.once('data', () => socket.end(answer)));
    const start = fc.constantFrom('', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\n\r\n');
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 4000 }), async (text, rest) => {
        answer = Buffer.concat([Buffer.from(text), rest]);
        const { tcp, http } = await probe(port);
        expect(tcp).toEqual(connected);
        if ('failure' in http) expect(['reset', 'other', 'http-status']).toContain(http.failure);
        if (text.endsWith('\r\n\r\n')) expect(http).toEqual(connected);
      }),
      { numRuns: 60 },
    );
  });

  it('ends at once when it is no longer wanted', async () => {
    const port = await tcpServer(() => undefined);
    const end = new AbortController();
    const attempt = httpProbe('127.0.0.1', port, 3_600_000, end.signal);
    end.abort();
    expect((await attempt).http).toEqual({ failure: 'other' });
  });
});

describe('reasonOfError', () => {
  it.each([
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'timeout'],
    ['EADDRNOTAVAIL', 'other'],
    ['constructor', 'other'],
  ])('takes %s for %s', (code, reason) => {
    expect(reasonOfError(Object.assign(new Error('x'), { code }))).toBe(reason);
  });
});
