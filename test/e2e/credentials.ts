// SPDX-License-Identifier: Apache-2.0
import { createSign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathsBelow, testHome } from '../cluster/paths.js';
import { runCommand } from '../cluster/run-command.js';

const pki = (file: string) => join(pathsBelow(testHome()).pki, file);

/** A key and a certificate that is its own authority, valid for 127.0.0.1; files below `folder`. */
export async function selfSigned(folder: string): Promise<{ key: Buffer; cert: Buffer }> {
  const [key, cert] = [join(folder, 'other.key'), join(folder, 'other.crt')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=other', '-addext', 'subjectAltName=IP:127.0.0.1'];
  await runCommand('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', cert]);
  return { key: await readFile(key), cert: await readFile(cert) };
}

/** A client certificate of the test cluster's own authority that ended yesterday, as a kubeconfig's user. */
export async function expiredUser(folder: string): Promise<Record<string, unknown>> {
  const [key, request, certificate] = ['key', 'csr', 'crt'].map((ending) => join(folder, `expired.${ending}`));
  if (key === undefined || request === undefined || certificate === undefined) throw new Error('unreachable');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await runCommand('openssl', [
    'req',
    ...curve,
    '-subj',
    '/O=system:masters/CN=admin',
    '-keyout',
    key,
    '-out',
    request,
  ]);
  const authority = ['-CA', pki('ca.crt'), '-CAkey', pki('ca.key'), '-set_serial', '4711'];
  await runCommand('openssl', ['x509', '-req', '-in', request, ...authority, '-days', '-1', '-out', certificate]);
  return { 'client-certificate': certificate, 'client-key': key };
}

/** A token of a service account, signed by the cluster's own key, that ended an hour ago. */
export async function expiredToken(namespace: string): Promise<string> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const issuer = 'https://kubernetes.default.svc';
  const claims = {
    iss: issuer,
    aud: [issuer],
    sub: `system:serviceaccount:${namespace}:default`,
    iat: now - 7200,
    nbf: now - 7200,
    exp: now - 3600,
    'kubernetes.io': { namespace, serviceaccount: { name: 'default', uid: '0' } },
  };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  const signature = createSign('RSA-SHA256')
    .update(signed)
    .sign(await readFile(pki('sa.key')));
  return `${signed}.${signature.toString('base64url')}`;
}
