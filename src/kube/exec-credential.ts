// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { Failure } from '../errors/failure.js';
import type { Credential, CredentialSource } from './credential.js';
import type { KubeconfigCluster, KubeconfigExec } from './kubeconfig.js';

/** A credential is renewed this long before it expires, so that it does not while a request is under way. */
const marginMs = 5000;
const clusterConfigExtension = 'client.authentication.k8s.io/exec';

interface ExecCredentialStatus {
  token?: string;
  clientCertificateData?: string;
  clientKeyData?: string;
  expirationTimestamp?: string;
}

function clusterInfo(cluster: KubeconfigCluster): object {
  return {
    server: cluster.server,
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': cluster['certificate-authority-data'],
    'proxy-url': cluster['proxy-url'],
    config: cluster.extensions?.find(({ name }) => name === clusterConfigExtension)?.extension,
  };
}

/** Whether the plugin may use our standard input (client-go, exec.go). Throws Failure. */
function isInteractive({ interactiveMode, command }: KubeconfigExec): boolean {
  if (interactiveMode === 'Never') return false;
  if (interactiveMode === 'Always' && !process.stdin.isTTY) {
    throw new Failure('usage', `exec plugin cannot support interactive mode: ${command} needs a terminal`);
  }
  return process.stdin.isTTY;
}

/** Runs the plugin; its stderr goes to ours. Resolves with its stdout. */
async function runPlugin(exec: KubeconfigExec, cluster: KubeconfigCluster): Promise<string> {
  const interactive = isInteractive(exec);
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion ?? 'client.authentication.k8s.io/v1',
    spec: { interactive, ...(exec.provideClusterInfo === true ? { cluster: clusterInfo(cluster) } : {}) },
  };
  const env: NodeJS.ProcessEnv = { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  for (const { name, value } of exec.env ?? []) env[name] = value;
  const child = spawn(exec.command, exec.args ?? [], {
    env,
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exitCode = await new Promise<number | string>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const words = error.code === 'ENOENT' ? `executable ${exec.command} not found` : error.message;
      const hint = exec.installHint?.trim().split('\n').join(' ');
      reject(new Failure('usage', `getting credentials: exec: ${words}`, { cause: error, hint }));
    });
    child.on('close', (code, signal) => {
      resolve(code ?? signal ?? 'unknown');
    });
  });
  if (exitCode !== 0) {
    throw new Failure(
      'forbidden',
      `getting credentials: exec: executable ${exec.command} failed with exit code ${exitCode}`,
    );
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseCredential(output: string, command: string): ExecCredentialStatus {
  const bad = (why: string, cause?: unknown) =>
    new Failure('forbidden', `getting credentials: decoding stdout of ${command}: ${why}`, { cause });
  let status: ExecCredentialStatus | undefined;
  try {
    status = (JSON.parse(output) as { status?: ExecCredentialStatus }).status;
  } catch (thrown) {
    // The text may hold a secret: it is not quoted.
    throw bad('not JSON', thrown instanceof SyntaxError ? undefined : thrown);
  }
  if (status === undefined) throw bad('the ExecCredential has no status');
  if (!status.token && !status.clientCertificateData) throw bad('it has neither a token nor a certificate');
  if (Boolean(status.clientCertificateData) !== Boolean(status.clientKeyData)) {
    throw bad('a certificate needs its key and a key its certificate');
  }
  return status;
}

/**
 * Credentials from a plugin as client-go gets them (KEP-541): `KUBERNETES_EXEC_INFO`, interactive mode, renewal when they
 * expire or are refused.
 */
export function execCredentialSource(exec: KubeconfigExec, cluster: KubeconfigCluster): CredentialSource {
  let pending: Promise<Credential> | undefined;
  let expiresAtMs = Number.POSITIVE_INFINITY;
  const obtain = async (): Promise<Credential> => {
    const status = parseCredential(await runPlugin(exec, cluster), exec.command);
    const expiry = Date.parse(status.expirationTimestamp ?? '');
    expiresAtMs = Number.isNaN(expiry) ? Number.POSITIVE_INFINITY : expiry - marginMs;
    return {
      authorization: status.token ? `Bearer ${status.token}` : undefined,
      certificate: status.clientCertificateData,
      key: status.clientKeyData,
    };
  };
  return {
    current() {
      if (Date.now() >= expiresAtMs) pending = undefined;
      expiresAtMs = pending === undefined ? Number.POSITIVE_INFINITY : expiresAtMs;
      return (pending ??= obtain());
    },
    renew() {
      pending = undefined;
      return true;
    },
  };
}
