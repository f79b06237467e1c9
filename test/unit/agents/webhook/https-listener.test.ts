// SPDX-License-Identifier: Apache-2.0
import { request, type RequestOptions } from 'node:https';
import { connect, type SecureVersion } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueCertificate, type Issued } from '../../../../src/agents/certificates/issue.js';
import { listenHttps, longestBody, type HttpsListener } from '../../../../src/agents/webhook/https-listener.js';

let listener: HttpsListener;
let issued: Issued;
let bodies: string[];

beforeEach(async () => {
  bodies = [];
  issued = await issueCertificate(['127.0.0.1'], Date.now());
  listener = await listenHttps(0, '127.0.0.1', (body) => {
    bodies.push(body);
    return { status: 200, type: 'application/json', text: '{"is":"answered"}' };
  });
});
afterEach(() => listener.close(0));

interface Sent extends RequestOptions {
  body?: string;
}

function send({ body, ...options }: Sent = {}): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const where = { host: '127.0.0.1', port: listener.port, path: '/mutate-v1-pod?timeout=3s', agent: false as const };
    const headers = { 'content-type': 'application/json' };
    const sending = request({ ...where, method: 'POST', headers, ca: issued.authority, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

function handshake(
  options: { minVersion?: SecureVersion; maxVersion?: SecureVersion; ciphers?: string } = {},
): Promise<{ serial: string | undefined; protocol: string | null }> {
  return new Promise((resolve, reject) => {
    const ca = issued.authority;
    const socket = connect({ host: '127.0.0.1', port: listener.port, ca, ...options }, () => {
      resolve({ serial: socket.getPeerX509Certificate()?.serialNumber, protocol: socket.getProtocol() });
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('listenHttps', () => {
  it('hands whole bodies over and answers, with a certificate only', async () => {
    await expect(send({ body: '{}' })).rejects.toThrow();
    listener.use(issued);
    expect(await send({ body: '{"ü":1}' })).toEqual({ status: 200, text: '{"is":"answered"}' });
    const long = 'x'.repeat(longestBody);
    expect((await send({ body: long })).status).toBe(200);
    expect(bodies).toEqual(['{"ü":1}', long]);
  });

  it('refuses what is no review before it reads it', async () => {
    listener.use(issued);
    const statuses = await Promise.all(
      [
        { path: '/' },
        { method: 'GET' },
        { headers: { 'content-type': 'text/plain' } },
        { headers: {} },
        { headers: { 'content-type': 'application/json', 'content-length': String(longestBody + 1) } },
      ].map(async (options) => (await send(options)).status),
    );
    expect(statuses).toEqual([404, 405, 415, 415, 413]);
    expect(bodies).toEqual([]);
  });

  it('stops to read a body that turns out too long', async () => {
    listener.use(issued);
    const chunked = { headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' } };
    // The connection may be gone before the answer was read.
    const status = await send({ ...chunked, body: 'x'.repeat(longestBody + 1) }).then(
      (answer) => answer.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(bodies).toEqual([]);
  });

  it('speaks TLS 1.2 and later only', async () => {
    listener.use(issued);
    expect(await handshake()).toMatchObject({ protocol: 'TLSv1.3' });
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toMatchObject({ protocol: 'TLSv1.2' });
    // OpenSSL offers the old versions at security level 0 only.
    await expect(
      handshake({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    ).rejects.toThrow();
  });

  it('changes its certificate between two connections, and keeps it where the next cannot be used', async () => {
    listener.use(issued);
    const next = await issueCertificate(['127.0.0.1'], Date.now());
    const before = new X509Certificate(issued.certificate).serialNumber;
    expect((await handshake()).serial).toBe(before);
    expect(() => listener.use({ certificate: next.certificate, key: issued.key })).toThrow(/cannot be used/);
    expect((await handshake()).serial).toBe(before);
    listener.use(next);
    await expect(handshake()).rejects.toThrow();
    issued = next;
    expect((await handshake()).serial).toBe(new X509Certificate(next.certificate).serialNumber);
    await expect(
      handshake({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    ).rejects.toThrow();
  });

  it('says which port is taken', async () => {
    await expect(listenHttps(listener.port, '127.0.0.1', () => ({ status: 200, type: '', text: '' }))).rejects.toThrow(
      `cannot listen on port ${listener.port}`,
    );
  });
});
