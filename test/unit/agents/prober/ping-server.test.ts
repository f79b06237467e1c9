// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpListener } from '../../../../src/agents/http-listener.js';
import { startPingServer } from '../../../../src/agents/prober/ping-server.js';

let server: HttpListener;
beforeEach(async () => {
  server = await startPingServer(0, '127.0.0.1');
});
afterEach(() => server.close(0));

const fetched = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, init);

describe('the ping server', () => {
  it.each(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('answers pong to %s', async (method) => {
    const response = await fetched('/ping?from=here', { method, ...(method === 'POST' ? { body: 'x' } : {}) });
    expect([response.status, await response.text()]).toEqual([200, 'pong\n']);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  it.each(['/', '/ping/', '/metrics'])('has nothing at %s', async (path) => {
    expect((await fetched(path)).status).toBe(404);
  });

  it('closes although a connection is kept alive and another one sends nothing', async () => {
    await (await fetched('/ping')).text();
    const silent = connect(server.port, '127.0.0.1');
    await once(silent, 'connect');
    silent.write('GET /ping HTTP/1.1\r\n');
    const cut = once(silent, 'close');
    silent.on('error', () => undefined);
    await server.close(50);
    await cut;
    await expect(fetched('/ping')).rejects.toThrow();
  });

  it('says which port is taken', async () => {
    await expect(startPingServer(server.port, '127.0.0.1')).rejects.toThrow(`cannot listen on port ${server.port}`);
  });
});
