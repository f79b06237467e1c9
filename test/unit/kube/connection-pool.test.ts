// SPDX-License-Identifier: Apache-2.0
import { request, type Agent } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConnectionPool } from '../../../src/kube/connection-pool.js';
import { resolveSettings } from '../../../src/kube/settings.js';

let silent: Server;
let sockets: Set<Socket>;
let pool: ConnectionPool;

beforeEach(async () => {
  sockets = new Set();
  silent = createServer((socket) => {
    sockets.add(socket);
    socket.resume().on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const server = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  pool = new ConnectionPool(resolveSettings({ kubeconfig: '/dev/null', server }, {}), 1000);
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((closed) => silent.close(closed));
});

async function connections(wanted: number): Promise<void> {
  const giveUpMs = performance.now() + 5000;
  while (sockets.size !== wanted && performance.now() < giveUpMs) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(sockets.size).toBe(wanted);
}

function ask(agent: Agent): Promise<unknown> {
  const { port } = silent.address() as AddressInfo;
  return new Promise((ended) => request({ host: '127.0.0.1', port, agent }).on('error', ended).end());
}

test.each([
  ['one was suspected', () => pool.suspect()],
  ['the certificate was renewed', () => void pool.agent({ certificate: 'another' })],
])('connections at work are closed with the pool also after %s', async (_name, retire) => {
  const requests = [ask(await pool.agent({})), ask(await pool.agent({}))];
  await connections(2);
  retire();
  await pool.agent({ certificate: 'another' });
  requests.push(ask(await pool.agent({ certificate: 'another' })));
  await connections(3);
  pool.close();
  await Promise.all(requests);
  await connections(0);
});
