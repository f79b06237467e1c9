// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { Failure } from '../errors/failure.js';
import type { Credential, CredentialSource } from './credential.js';
import type { KubeconfigCluster, KubeconfigExec } from './kubeconfig.js';

/** A credential is renewed this long before it expires, so that it does not while a request is under way. */
const marginMs = 5000;
const clusterConfigExtension = 'client.authentication.k8s.io/exec';

const apiVersions = new Set(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']);

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
function isInteractive({ interactiveMode, command }: KubeconfigExec, isQuiet: boolean): boolean {
  if (interactiveMode === 'Never') return false;
  const mayAsk = !isQuiet && process.stdin.isTTY;
  if (interactiveMode === 'Always' && !mayAsk) {
    throw new Failure('usage', `exec plugin cannot support interactive mode: ${command} needs a terminal`);
  }
  return mayAsk;
}

/** Ends the plugin; one that is quiet has a group of its own, with whatever it started. */
function end(child: ChildProcess, hasGroup: boolean): void {
  try {
    if (hasGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill();
  } catch {
    // It has ended.
  }
}

/**
 * Runs the plugin; its stderr goes to ours. One that is quiet says nothing, and has no terminal that it could ask on.
 * Resolves with its stdout.
 */
async function runPlugin(exec: KubeconfigExec, cluster: KubeconfigCluster, isQuiet: boolean): Promise<string> {
  const interactive = isInteractive(exec, isQuiet);
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: { interactive, ...(exec.provideClusterInfo === true ? { cluster: clusterInfo(cluster) } : {}) },
  };
  const env: NodeJS.ProcessEnv = { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  for (const { name, value } of exec.env ?? []) env[name] = value;
  const hasGroup = isQuiet && process.platform !== 'win32';
  const child = spawn(exec.command, exec.args ?? [], {
    env,
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', isQuiet ? 'ignore' : 'inherit'],
    // A new session has no terminal. Windows would open a window for it.
    detached: hasGroup,
    windowsHide: isQuiet,
  });
  // Whoever ends us while the user logs in ends the plugin as well.
  const endPlugin = () => end(child, hasGroup);
  // Signals of the terminal do not come to another session.
  const signals = hasGroup ? (['SIGINT', 'SIGTERM', 'SIGHUP'] as const) : [];
  const endBoth = (signal: NodeJS.Signals) => {
    endPlugin();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.once(signal, endBoth);
  process.once('exit', endPlugin);
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
  }).finally(() => {
    process.off('exit', endPlugin);
    for (const signal of signals) process.off(signal, endBoth);
  });
  if (exitCode !== 0) {
    throw new Failure(
      'forbidden',
      `getting credentials: exec: executable ${exec.command} failed with exit code ${exitCode}`,
    );
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseCredential(output: string, { command, apiVersion }: KubeconfigExec): ExecCredentialStatus {
  const bad = (why: string, cause?: unknown) =>
    new Failure('forbidden', `getting credentials: decoding stdout of ${command}: ${why}`, { cause });
  let answer: { apiVersion?: unknown; kind?: unknown; status?: ExecCredentialStatus };
  try {
    answer = JSON.parse(output) as typeof answer;
  } catch (thrown) {
    // The text may hold a secret: it is not quoted.
    throw bad('not JSON', thrown instanceof SyntaxError ? undefined : thrown);
  }
  if (answer.kind !== 'ExecCredential') throw bad('it is no ExecCredential');
  if (answer.apiVersion !== apiVersion) {
    throw bad(`plugin returned version ${JSON.stringify(answer.apiVersion)}, expected ${JSON.stringify(apiVersion)}`);
  }
  const { status } = answer;
  if (status === undefined) throw bad('the ExecCredential has no status');
  if (!status.token && !status.clientCertificateData) throw bad('it has neither a token nor a certificate');
  if (Boolean(status.clientCertificateData) !== Boolean(status.clientKeyData)) {
    throw bad('a certificate needs its key and a key its certificate');
  }
  return status;
}

/**
 * Credentials from a plugin as client-go gets them (KEP-541): `KUBERNETES_EXEC_INFO`, interactive mode, renewal when they
 * expire or are refused. A quiet one asks nobody anything. Throws Failure `usage` for versions of the protocol that are no more.
 */
export function execCredentialSource(
  exec: KubeconfigExec,
  cluster: KubeconfigCluster,
  { isQuiet = false }: { isQuiet?: boolean } = {},
): CredentialSource {
  if (!apiVersions.has(exec.apiVersion ?? '')) {
    throw new Failure('usage', `exec plugin: invalid apiVersion "${exec.apiVersion ?? ''}"`, {
      hint: `${exec.command} has to speak client.authentication.k8s.io/v1 or v1beta1`,
    });
  }
  let pending: Promise<Credential> | undefined;
  let expiresAtMs = Number.POSITIVE_INFINITY;
  let issues = 0;
  const obtain = async (): Promise<Credential> => {
    const issue = (issues += 1);
    const status = parseCredential(await runPlugin(exec, cluster, isQuiet), exec);
    const expiry = Date.parse(status.expirationTimestamp ?? '');
    expiresAtMs = Number.isNaN(expiry) ? Number.POSITIVE_INFINITY : expiry - marginMs;
    return {
      authorization: status.token ? `Bearer ${status.token}` : undefined,
      certificate: status.clientCertificateData,
      key: status.clientKeyData,
      issue,
    };
  };
  return {
    current() {
      // An expiry is a time of day, by the clock of whoever issued it; should ours be wrong, a 401 renews as well.
      if (Date.now() >= expiresAtMs) pending = undefined;
      expiresAtMs = pending === undefined ? Number.POSITIVE_INFINITY : expiresAtMs;
      return (pending ??= obtain());
    },
    renew({ issue }) {
      // Of many requests that are refused at once the first asks for all (client-go, exec.go, maybeRefreshCreds).
      if (issue === issues) pending = undefined;
      return true;
    },
  };
}
