// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeld } from '../../../../src/agents/certificates/held.js';
import { issueCertificate } from '../../../../src/agents/certificates/issue.js';
import { backdateMs, decide, lifetimeMs } from '../../../../src/agents/certificates/renewal.js';
import { dataOf, textsOf } from '../../../../src/agents/certificates/secret.js';

const names = ['webhook.shop.svc', 'webhook.shop.svc.cluster.local', '127.0.0.1'];
const nowMs = Math.floor(Date.now() / 1000) * 1000;

describe('issueCertificate', () => {
  it('makes a pair that OpenSSL verifies, for these names and times', async () => {
    const issued = await issueCertificate(names, nowMs);
    const server = new X509Certificate(issued.certificate);
    const authority = new X509Certificate(issued.authority);
    expect(server.subjectAltName).toBe(
      'DNS:webhook.shop.svc, DNS:webhook.shop.svc.cluster.local, IP Address:127.0.0.1',
    );
    expect(server.ca).toBe(false);
    expect(authority.ca).toBe(true);
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(server.checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
    const held = readHeld({ ...issued, authorities: issued.authority });
    expect(held).toMatchObject({
      server: { fromMs: nowMs - backdateMs, toMs: nowMs + lifetimeMs, names, hasKey: true },
      authorities: [{ pem: issued.authority, signed: true }],
    });
    expect(decide(held, names, nowMs).kind).toBe('keep');
  });

  it('serves TLS to who has its authority, in a bundle with another one, and to nobody else', async () => {
    const [issued, other] = await Promise.all([issueCertificate(names, nowMs), issueCertificate(names, nowMs)]);
    const server = createServer({ cert: issued.certificate, key: issued.key });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const meet = (ca: string, servername: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({ port, host: '127.0.0.1', ca, servername }, () => {
          socket.end();
          resolve('welcome');
        });
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      });
    expect(await meet(other.authority + issued.authority, 'webhook.shop.svc')).toBe('welcome');
    expect(await meet(issued.authority, 'webhook.other.svc')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await meet(other.authority, 'webhook.shop.svc')).not.toBe('welcome');
    server.close();
  });
});

describe('readHeld', () => {
  it('tells the key and the authority of another pair apart', async () => {
    const [one, other] = await Promise.all([issueCertificate(names, nowMs), issueCertificate(names, nowMs)]);
    const mixed = { certificate: one.certificate, key: other.key, authorities: other.authority + one.authority };
    expect(readHeld(mixed)).toMatchObject({
      server: { hasKey: false },
      authorities: [{ signed: false }, { signed: true }],
    });
    expect(textsOf({ metadata: { name: 'x' }, data: dataOf(mixed) })).toEqual(mixed);
  });

  it('never throws', async () => {
    const { certificate, key, authority } = await issueCertificate(names, nowMs);
    const damaged = (text: string) =>
      fc
        .tuple(fc.nat(text.length), fc.nat(20), fc.string())
        .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
    const texts = fc.record({
      certificate: fc.oneof(damaged(certificate), fc.string()),
      key: fc.oneof(damaged(key), fc.string()),
      authorities: fc.oneof(damaged(authority), fc.string()),
    });
    fc.assert(
      fc.property(texts, (text) => {
        const held = readHeld(text);
        expect(held === undefined || held.server.names.length > 0).toBe(true);
      }),
    );
    expect(textsOf({ metadata: { name: 'x' } })).toEqual({ certificate: '', key: '', authorities: '' });
  });
});
