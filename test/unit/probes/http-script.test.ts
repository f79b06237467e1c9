// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseBodyExpectation } from '../../../src/probes/http-body.js';
import { httpParser } from '../../../src/probes/http-parser.js';
import { parseStatuses } from '../../../src/probes/http-status.js';
import { httpCommand, maxBodyBytes, type HttpRequest, type HttpTest } from '../../../src/probes/http.js';
import { execute } from './local-execution.js';

const hasBusybox = spawnSync('sh', ['-c', 'command -v busybox']).status === 0;
const missing = ['curl', 'openssl'].filter((tool) => spawnSync('sh', ['-c', 'command -v "$0"', tool]).status !== 0);
const secret = 'Bearer s3cr3t-of-the-shop';

describe.skipIf(missing.length > 0)('the HTTP script, on loopback', () => {
  let plain: Server;
  let secure: ReturnType<typeof createSecureServer>;
  let odd: TcpServer;
  let folder: string;
  const requests: { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer; commandLines: string }[] =
    [];
  const ports = { plain: 0, secure: 0, odd: 0, closed: 0 };

  /** Of every process of this machine: whatever is in one of them can be read by its neighbours. */
  const commandLines = () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        } catch {
          return '';
        }
      })
      .join('\n');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'netmachinery-http-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-days', '2'];
    spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject]);
    plain = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        requests.push({ method, path, headers, body: Buffer.concat(chunks), commandLines: commandLines() });
        if (path === '/moved') response.writeHead(302, { Location: '/there' }).end();
        else if (path === '/round') response.writeHead(302, { Location: '/round' }).end();
        else if (path === '/broken') response.writeHead(500).end('no');
        else if (path === '/large') response.end(Buffer.alloc(8 * maxBodyBytes, 'x'));
        else if (path === '/slow') return;
        else response.end(`hello from ${headers.host}\n`);
      });
    }).listen(0, '127.0.0.1');
    secure = createSecureServer(
      { key: readFileSync(key), cert: readFileSync(cert), allowHTTP1: true },
      (_request, response) => void response.end('safe'),
    );
    secure.listen(0, '127.0.0.1');
    odd = createTcpServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-odd\r\n')).listen(
      0,
      '127.0.0.1',
    );
    const closed = createTcpServer().listen(0, '127.0.0.1');
    await Promise.all([plain, secure, odd, closed].map((server) => once(server, 'listening')));
    ports.plain = (plain.address() as AddressInfo).port;
    ports.secure = (secure.address() as AddressInfo).port;
    ports.odd = (odd.address() as AddressInfo).port;
    ports.closed = (closed.address() as AddressInfo).port;
    closed.close();
  });
  afterAll(() => {
    plain.closeAllConnections();
    plain.close();
    secure.close();
    odd.close();
    rmSync(folder, { recursive: true });
  });

  const run = (
    tests: Omit<HttpTest, 'index'>[],
    more: Partial<HttpRequest> = {},
    options: Parameters<typeof execute>[2] & { shell?: string[] } = {},
  ) => {
    requests.length = 0;
    const request: HttpRequest = {
      tests: tests.map((test, index) => ({ ...test, index })),
      message: { headers: [] },
      attempts: 1,
      connectTimeoutMs: 2000,
      timeoutMs: 3000,
      http2: false,
      insecure: false,
      redirects: 0,
      useProxy: false,
      expect: {},
      leash: true,
      ...more,
    };
    const { shell = [], ...rest } = options;
    const command = httpCommand(request);
    return execute({ ...command, argv: [...shell, ...command.argv] }, httpParser(request), rest);
  };
  const at = (path: string) => ({ url: `http://127.0.0.1:${ports.plain}${path}` });

  it('asks, and says what came and when', async () => {
    const { outcomes, exitCode } = await run([at('/a?b=[c]')], { attempts: 3 });
    expect(exitCode).toBe(0);
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(3).fill('GET /a?b=[c]'));
    const [outcome] = outcomes;
    expect(outcome).toMatchObject({
      reason: 'Responded',
      message: 'status 200',
      address: '127.0.0.1',
      http: { method: 'GET', status: 200, version: '1.1' },
    });
    expect(outcome?.attempts).toHaveLength(3);
    const { connectMs = 0, firstByteMs = 0, totalMs = 0 } = outcome?.http?.phases ?? {};
    expect(connectMs).toBeGreaterThan(0);
    expect(firstByteMs).toBeGreaterThanOrEqual(connectMs);
    expect(totalMs).toBeGreaterThanOrEqual(firstByteMs);
  });

  it('sends method, headers and any bytes, and shows none of them to anybody', async () => {
    const body = Buffer.from(Array.from({ length: 1024 }, (_, byte) => byte % 256));
    const headers = [
      ['Authorization', secret],
      ['X-Quote', 'a "b" \\c $(id) `id`'],
      ['X-Empty', ''],
    ] as const;
    const { outcomes, lines } = await run([at('/in')], { message: { method: 'PUT', headers, body } });
    expect(outcomes[0]).toMatchObject({ reason: 'Responded', http: { method: 'PUT' } });
    const [seen] = requests;
    expect(seen?.method).toBe('PUT');
    expect(seen?.headers).toMatchObject({ authorization: secret, 'x-quote': 'a "b" \\c $(id) `id`', 'x-empty': '' });
    expect(seen?.body.equals(body)).toBe(true);
    expect(seen?.commandLines).toContain('curl');
    expect(seen?.commandLines).not.toContain(secret);
    expect(lines.join('\n')).not.toContain(secret);
  });

  it('asks one address for another name', async () => {
    const url = 'http://api.shop.svc/x';
    await run([{ url, connectTo: { address: '127.0.0.1', port: ports.plain } }]);
    expect(requests[0]?.headers.host).toBe('api.shop.svc');
  });

  it('judges the status and the body', async () => {
    const { outcomes } = await run([at('/broken'), at('/moved'), at('/x')]);
    expect(outcomes.map(({ reason }) => reason)).toEqual(['UnexpectedStatus', 'Responded', 'Responded']);
    expect(outcomes[1]?.message).toBe(`status 302, which points to http://127.0.0.1:${ports.plain}/there`);
    const expected = { statuses: parseStatuses('500'), body: parseBodyExpectation('no') };
    expect((await run([at('/broken'), at('/x')], { expect: expected })).outcomes.map(({ reason }) => reason)).toEqual([
      'Responded',
      'UnexpectedStatus',
    ]);
    const bodies = { body: parseBodyExpectation('/^hello FROM 127/i') };
    expect((await run([at('/x'), at('/large')], { expect: bodies })).outcomes.map(({ reason }) => reason)).toEqual([
      'Responded',
      'UnexpectedBody',
    ]);
  });

  it('follows redirects where it should, and not for ever', async () => {
    const { outcomes } = await run([at('/moved'), at('/round')], { redirects: 3 });
    expect(outcomes.map(({ reason }) => reason)).toEqual(['Responded', 'HttpFailed']);
    expect(outcomes[0]?.http).toMatchObject({ redirects: 1, finalUrl: at('/there').url });
  });

  it('reads no more of a body than it should', async () => {
    const { outcomes } = await run([at('/large')]);
    expect(outcomes[0]?.reason).toBe('Responded');
    expect(outcomes[0]?.http?.bodyBytes).toBeLessThan(4 * maxBodyBytes);
  });

  it('tells apart what fails', async () => {
    const { outcomes } = await run(
      [
        { url: `http://127.0.0.1:${ports.closed}/` },
        { url: 'http://no-such-name.invalid/', family: 4 as const },
        { url: `http://127.0.0.1:${ports.odd}/` },
        { url: `https://127.0.0.1:${ports.plain}/` },
        at('/slow'),
      ],
      { timeoutMs: 1000 },
    );
    expect(outcomes.map(({ reason }) => reason)).toEqual([
      'Refused',
      'NameNotFound',
      'HttpFailed',
      'TlsFailed',
      'HttpFailed',
    ]);
    expect(outcomes[4]?.message).toBe('connected, but no answer within 1000 ms');
  });

  it('looks at certificates, and trusts none that it does not know', async () => {
    const secured = { url: `https://localhost:${ports.secure}/`, family: 4 as const };
    const { outcomes } = await run([secured]);
    expect(outcomes[0]).toMatchObject({
      reason: 'TlsFailed',
      tls: { error: expect.stringContaining('self-signed') as string },
    });
    const insecure = await run([secured], { insecure: true, http2: true });
    expect(insecure.outcomes[0]).toMatchObject({
      reason: 'Responded',
      http: { version: '2', status: 200 },
      tls: {
        subject: 'CN=localhost',
        issuer: 'CN=localhost',
        error: 'certificate not trusted: self-signed certificate',
      },
    });
    expect(insecure.outcomes[0]?.tls?.handshakeMs).toBeGreaterThan(0);
    expect(insecure.outcomes[0]?.http?.phases?.tlsMs).toBeGreaterThan(0);
    expect((await run([secured], { insecure: true })).outcomes[0]?.http?.version).toBe('1.1');
  });

  it.skipIf(!hasBusybox)('works in the shell of busybox', async () => {
    const message = { headers: [], body: Buffer.from([0, 1, 2, 255]) };
    const { outcomes } = await run([at('/x'), at('/broken'), at('/large')], { message }, { shell: ['busybox'] });
    expect(outcomes.map(({ reason }) => reason)).toEqual(['Responded', 'UnexpectedStatus', 'Responded']);
    expect(requests.every(({ body }) => body.equals(message.body))).toBe(true);
  });

  it('heeds a proxy of the environment only when told to', async () => {
    const env = { ...process.env, http_proxy: `http://127.0.0.1:${ports.closed}`, no_proxy: '' };
    const without = await run([at('/x')], {}, { env });
    expect(without.outcomes[0]?.reason).toBe('Responded');
    const through = await run([at('/x')], { useProxy: true }, { env });
    expect(through.outcomes[0]?.reason).toBe('Refused');
  });

  it('has the same to say when the work is in its arguments, for many tests at once', async () => {
    const tests = Array.from({ length: 20 }, (_, index) => at(index % 2 === 0 ? '/x' : '/broken'));
    const { outcomes } = await run(tests, { leash: false });
    expect(outcomes.map(({ reason }) => reason)).toEqual(
      tests.map((_, index) => (index % 2 === 0 ? 'Responded' : 'UnexpectedStatus')),
    );
  });

  it('lets go of everything when nobody waits', async () => {
    const { outcomes, ms } = await run([at('/slow')], { timeoutMs: 60_000 }, { letGoMs: 500 });
    expect(outcomes[0]?.reason).toMatch(/ConnectionLost|ToolFailed/);
    expect(ms).toBeLessThan(20_000);
  });
});
