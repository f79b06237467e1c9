// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';

function start(environment: Record<string, string>): { child: ChildProcess; log: () => string } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/agents/main.ts'], {
    env: { PATH: process.env['PATH'], NET_PROBER_CONFIG_FILE: '/nonexistent/config.json', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { child, log: () => text };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('the program', () => {
  it('serves on all addresses until SIGTERM, and then ends with success', async () => {
    const [httpPort, prometheusPort] = [await freePort(), await freePort()];
    const { child, log } = start({ HTTP_PORT: String(httpPort), HTTP_PROMETHEUS_PORT: String(prometheusPort) });
    try {
      await vi.waitFor(() => expect(log()).toContain(`answers /ping on port ${httpPort}`), 20_000);
      expect(log()).toContain('/nonexistent/config.json: ENOENT');
      expect(await (await fetch(`http://127.0.0.1:${httpPort}/ping`)).text()).toBe('pong\n');
      expect((await fetch(`http://127.0.0.1:${prometheusPort}/readyz`)).status).toBe(503);
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('ends with success when its time is over', async () => {
    const ports = { HTTP_PORT: String(await freePort()), HTTP_PROMETHEUS_PORT: String(await freePort()) };
    const { child, log } = start({ ...ports, NETMACHINERY_DURATION: '1' });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(log()).toContain('answers /ping');
  });

  it('ends with 2 and a line for a wrong variable', async () => {
    const { child, log } = start({ HTTP_PORT: 'http' });
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(log()).toContain('HTTP_PORT is "http"');
  });
});
