// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiPort } from '../cluster/addresses.js';
import { badServers, type BadServers } from './bad-servers.js';
import { netmachinery, type Launcher } from './cli.js';
import { expiredToken, expiredUser, selfSigned } from './credentials.js';
import { createNamespace, deleteNamespace } from './kubectl.js';
import { writeKubeconfig } from './admin-kubeconfig.js';
import { expectRefusal, type Refusal } from './refusal.js';

let namespace = '';
let folder = '';
let servers: BadServers;
const files: Record<string, string> = {};

beforeAll(async () => {
  [namespace, folder] = await Promise.all([createNamespace('bad-worlds'), mkdtemp(join(tmpdir(), 'netmachinery-'))]);
  servers = await badServers(await selfSigned(folder));
  const users: Record<string, Record<string, unknown>> = {
    expiredCertificate: await expiredUser(folder),
    expiredToken: { token: await expiredToken(namespace) },
    wrongToken: { token: 'no-such-token' },
    noCredentials: {},
    goneCertificate: { 'client-certificate': join(folder, 'gone.crt'), 'client-key': join(folder, 'gone.key') },
    goneProgram: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: join(folder, 'gone-program'),
        interactiveMode: 'Never',
      },
    },
  };
  for (const [name, user] of Object.entries(users)) files[name] = await writeKubeconfig(join(folder, name), { user });
});
afterAll(async () => {
  await servers.close();
  await Promise.all([deleteNamespace(namespace), rm(folder, { recursive: true })]);
});

type ServerCase = [name: string, url: () => string, Omit<Refusal, 'exitCode'>, flags?: string[]];

const unreachable: ServerCase[] = [
  [
    'nobody listens',
    () => 'https://127.0.0.1:1',
    {
      error: /^The connection to the server 127\.0\.0\.1:1 was refused - did you specify the right host or port\?$/,
      hint: 'kubectl config view --minify',
    },
  ],
  [
    'its name is unknown',
    () => 'https://no-such-host.invalid:6443',
    {
      error: 'Unable to connect to the server: dial tcp: lookup no-such-host.invalid: no such host',
      hint: 'kubectl config view --minify',
    },
  ],
  [
    'a program that speaks first listens, which is asked for TLS',
    () => `https://${servers.ssh}`,
    { error: 'Unable to connect to the server: tls: first record does not look like a TLS handshake', hint: 'TLS' },
  ],
  [
    'it speaks no HTTP',
    () => `http://${servers.ssh}`,
    { error: 'Unable to connect to the server: malformed HTTP response', hint: 'HTTP' },
  ],
  [
    'a web server without TLS listens',
    () => `https://${servers.web}`,
    { error: 'tls: first record does not look like a TLS handshake', hint: 'http://' },
  ],
  [
    'it is asked without TLS',
    () => `http://127.0.0.1:${apiPort}`,
    { error: /Client sent an HTTP request to an HTTPS server|the server rejected our request/ },
  ],
  [
    'another authority has signed its certificate',
    () => `https://${servers.stranger}`,
    {
      error: 'tls: failed to verify certificate: certificate signed by unknown authority',
      hint: '--certificate-authority',
    },
  ],
  [
    'its certificate is for other names',
    () => `https://127.255.255.254:${apiPort}`,
    { error: 'Unable to connect to the server: tls: failed to verify certificate: ' },
  ],
  [
    'a web page answers',
    () => `http://${servers.web}`,
    { error: 'is not one of a Kubernetes API server', hint: 'a proxy or a login page' },
  ],
  [
    'an object of something else answers',
    () => `http://${servers.webOfObjects}`,
    { error: 'is not one of a Kubernetes API server', hint: 'a proxy or a login page' },
  ],
  ['a login page is somewhere else', () => `http://${servers.login}`, { error: /the server answered 302/ }],
  ['a gateway has lost it', () => `http://${servers.gateway}`, { error: /unable to handle the request|bad gateway/i }],
  ['it hangs up', () => `https://${servers.closing}`, { error: /the connection to the server \S+ was lost/ }],
  [
    'it never answers',
    () => `https://${servers.mute}`,
    { error: /the server \S+ did not answer within 1 s|Client\.Timeout|deadline exceeded/ },
    ['--request-timeout', '1s'],
  ],
  [
    'it never answers, and the run has an end',
    () => `https://${servers.mute}`,
    { error: 'the run did not end in time', hint: '--timeout' },
    ['--timeout', '1s'],
  ],
];

const refusing: [name: string, file: string, Refusal][] = [
  [
    'an expired client certificate',
    'expiredCertificate',
    { exitCode: 3, error: /You must be logged in to the server/ },
  ],
  ['an expired token', 'expiredToken', { exitCode: 3, error: /You must be logged in to the server/ }],
  ['an unknown token', 'wrongToken', { exitCode: 3, error: /You must be logged in to the server/ }],
  [
    'a certificate that is not there',
    'goneCertificate',
    { exitCode: 2, error: /unable to read client-cert .*gone\.crt.*no such file or directory/ },
  ],
  ['a credential plugin that is not there', 'goneProgram', { exitCode: 2, error: /gone-program/ }],
];

describe.concurrent.each<Launcher>(['executable', 'node'])('%s says in one line', (launcher) => {
  it.each(unreachable)('that %s', async (_name, url, refusal, flags = []) => {
    const args = ['ping', '-n', namespace, '--server', url(), 'server', 'server', ...flags];
    expectRefusal(await netmachinery(args, { launcher }), { exitCode: 3, ...refusal });
  });

  it('that there is no way to the server, which is no refusal', async () => {
    const args = ['ping', '-n', namespace, '--server', 'https://198.18.255.254:6443', 'server', 'server'];
    const error = 'Unable to connect to the server: no route to host';
    expectRefusal(await netmachinery(args, { launcher }), { exitCode: 3, error, hint: '--context' });
  });

  it('that nobody listens, with no way to the proxy that other requests would take', async () => {
    const args = ['ping', '-n', namespace, '--server', 'https://127.0.0.1:1', 'server', 'server'];
    const env = { HTTP_PROXY: 'http://198.18.255.254:3128' };
    expectRefusal(await netmachinery(args, { launcher, env }), {
      exitCode: 3,
      error: 'was refused',
      hint: '--context',
    });
  });

  it.each(refusing)('that %s will not do', async (_name, file, refusal) => {
    const args = ['ping', '--kubeconfig', files[file] ?? '', '-n', namespace, 'server', 'server'];
    expectRefusal(await netmachinery(args, { launcher }), refusal);
  });

  it('who is forbidden to do what with which resource', async () => {
    const args = ['ping', '--kubeconfig', files['noCredentials'] ?? '', '-n', namespace, 'server', 'server'];
    const { exitCode, stdout, stderr } = await netmachinery(args, { launcher });
    const [first] = stderr.split('\n');
    const who = 'User "system:anonymous" cannot get resource "pods" in API group "" in the namespace';
    expect(first).toBe(`error: pods "server" is forbidden: ${who} "${namespace}"`);
    expect(stdout).toBe('');
    expect(exitCode).toBe(3);
  });
});
