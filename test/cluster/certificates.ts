// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { clusterDomain, node1, services } from './addresses.js';
import type { ClusterPaths } from './paths.js';
import { runCommand } from './run-command.js';

const validDays = 365;
/** Certificates that end earlier than this are made anew. */
const renewBeforeMs = 7 * 24 * 3600 * 1000;

const apiNames = [
  ...[
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${clusterDomain}`,
    'localhost',
  ].map((name) => `DNS:${name}`),
  ...['127.0.0.1', '::1', services.kubernetes, node1.ipv4, node1.ipv6].map((address) => `IP:${address}`),
];

/** Who has a client certificate: the file's name, and the subject that the API server takes as user and groups. */
const clients = {
  'kubelet-client': '/O=system:masters/CN=kube-apiserver-kubelet-client',
  admin: '/O=system:masters/CN=admin',
  'controller-manager': '/CN=system:kube-controller-manager',
  scheduler: '/CN=system:kube-scheduler',
  proxy: '/CN=system:kube-proxy',
  node1: '/O=system:nodes/CN=system:node:node1',
  node2: '/O=system:nodes/CN=system:node:node2',
} as const;

/** A client of the API server that a kubeconfig can be made for. */
export type ClientName = Exclude<keyof typeof clients, 'kubelet-client'>;

async function makeKey(file: string): Promise<void> {
  await runCommand('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file]);
}

async function sign(folder: string, name: string, subject: string, extensions: string[]): Promise<void> {
  const file = (ending: string) => join(folder, `${name}.${ending}`);
  await makeKey(file('key'));
  await writeFile(file('ext'), `${extensions.join('\n')}\n`);
  await runCommand('openssl', ['req', '-new', '-key', file('key'), '-subj', subject, '-out', file('csr')]);
  const authority = ['-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key')];
  const serial = ['-set_serial', `0x${Buffer.from(name).toString('hex').slice(0, 32)}`];
  const times = ['-days', String(validDays), '-extfile', file('ext')];
  await runCommand('openssl', [
    'x509',
    '-req',
    '-in',
    file('csr'),
    ...authority,
    ...serial,
    ...times,
    '-out',
    file('crt'),
  ]);
}

async function areGood(folder: string): Promise<boolean> {
  const pem = await readFile(join(folder, 'apiserver.crt')).catch(() => undefined);
  if (pem === undefined) return false;
  const certificate = new X509Certificate(pem);
  const named = apiNames.every((name) => {
    const [kind, value = ''] = name.split(/:(.*)/s);
    return kind === 'DNS' ? certificate.checkHost(value) !== undefined : certificate.checkIP(value) !== undefined;
  });
  return named && Date.parse(certificate.validTo) - Date.now() > renewBeforeMs;
}

/** Makes the cluster's certificate authority and its certificates with openssl, unless good ones are there. */
export async function ensureCertificates(paths: ClusterPaths): Promise<void> {
  if (await areGood(paths.pki)) return;
  const folder = `${paths.pki}.making`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const caKey = join(folder, 'ca.key');
  await makeKey(caKey);
  const caArguments = ['-subj', '/CN=netmachinery-test', '-days', String(validDays), '-out', join(folder, 'ca.crt')];
  await runCommand('openssl', ['req', '-x509', '-new', '-key', caKey, ...caArguments]);
  await sign(folder, 'apiserver', '/CN=kube-apiserver', [
    `subjectAltName=${apiNames.join(',')}`,
    'extendedKeyUsage=serverAuth',
  ]);
  for (const [name, subject] of Object.entries(clients)) {
    await sign(folder, name, subject, ['extendedKeyUsage=clientAuth']);
  }
  const serviceAccountKey = join(folder, 'sa.key');
  await runCommand('openssl', ['genrsa', '-out', serviceAccountKey, '2048']);
  await runCommand('openssl', ['rsa', '-in', serviceAccountKey, '-pubout', '-out', join(folder, 'sa.pub')]);
  await rm(paths.pki, { recursive: true, force: true });
  await rename(folder, paths.pki);
}
