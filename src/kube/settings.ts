// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { Failure } from '../errors/failure.js';
import type { ClusterOptions } from './cluster.js';
import { inClusterKubeconfig } from './in-cluster.js';
import type { Kubeconfig, KubeconfigCluster, KubeconfigContext, KubeconfigUser } from './kubeconfig.js';
import { clusterWithFlags, userWithFlags } from './kubeconfig-overrides.js';
import { loadKubeconfig } from './kubeconfig-files.js';
import { redactedText } from './redacted-url.js';

/** Which server is talked to and as whom: kubeconfig and flags put together. */
export interface Settings {
  /** Base URL without a slash at its end; may have a path. */
  server: string;
  namespace: string;
  authority: Buffer | undefined;
  serverName: string | undefined;
  skipTlsVerify: boolean;
  disableCompression: boolean;
  proxyUrl: string | undefined;
  clusterEntry: KubeconfigCluster;
  userName: string;
  user: KubeconfigUser;
  /** False where nothing named a server and kubectl's default of localhost:8080 is used. */
  configured: boolean;
}

/** A file's content, or the base64 data that stands beside it and wins. Throws Failure `usage`. */
export function fileOrData(path: string | undefined, data: string | undefined, what: string): Buffer | undefined {
  if (data) return Buffer.from(data, 'base64');
  if (!path) return undefined;
  try {
    return readFileSync(path);
  } catch (thrown) {
    throw new Failure('usage', `unable to read ${what} ${path}: ${(thrown as Error).message}`, { cause: thrown });
  }
}

function contextOf(config: Kubeconfig, options: ClusterOptions): KubeconfigContext {
  if (options.context) {
    const context = config.contexts.get(options.context);
    if (context !== undefined) return context;
    throw new Failure('usage', `context "${options.context}" does not exist`, {
      hint: known('contexts', config.contexts),
    });
  }
  if (config.currentContext === '') return {};
  const context = config.contexts.get(config.currentContext);
  if (context !== undefined) return context;
  throw new Failure('usage', `context was not found for specified context: ${config.currentContext}`, {
    hint: known('contexts', config.contexts),
  });
}

function known(what: string, entries: Map<string, unknown>): string | undefined {
  if (entries.size === 0) return `the kubeconfig has no ${what}`;
  return entries.size <= 10 ? `${what}: ${[...entries.keys()].join(', ')}` : undefined;
}

function clusterOf(config: Kubeconfig, name: string | undefined): KubeconfigCluster {
  if (!name) return {};
  const cluster = config.clusters.get(name);
  if (cluster !== undefined) return cluster;
  throw new Failure('usage', `no server found for cluster "${name}"`, { hint: known('clusters', config.clusters) });
}

function userOf(config: Kubeconfig, name: string | undefined): KubeconfigUser {
  if (!name) return {};
  const user = config.users.get(name);
  if (user !== undefined) return user;
  throw new Failure('usage', `auth info "${name}" does not exist`, { hint: known('users', config.users) });
}

/** kubectl refuses to choose (client-go, validation.go). */
function checkMethods(user: KubeconfigUser, name: string): void {
  const hasToken = Boolean(user.token) || Boolean(user.tokenFile);
  if (!hasToken || (!user.username && !user.password)) return;
  const words = `more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`;
  throw new Failure('usage', words);
}

function serverUrl(entry: KubeconfigCluster, user: KubeconfigUser): string {
  const server = entry.server || 'http://localhost:8080';
  const usesTls =
    entry['certificate-authority'] ??
    entry['certificate-authority-data'] ??
    user['client-certificate'] ??
    user['client-certificate-data'] ??
    entry['insecure-skip-tls-verify'];
  const url = /^https?:\/\//.test(server) ? server : `${usesTls ? 'https' : 'http'}://${server}`;
  if (!URL.canParse(url)) throw new Failure('usage', `"${redactedText(server)}" is not the URL of a server`);
  return url.replace(/\/+$/, '');
}

/** A label of RFC 1123, as the API server insists on (k8s.io/apimachinery, validation.IsDNS1123Label). */
const namespaceName = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function namespaceOf(options: ClusterOptions, context: KubeconfigContext): string {
  const namespace = options.namespace || context.namespace || 'default';
  if (namespaceName.test(namespace)) return namespace;
  throw new Failure('usage', `${JSON.stringify(namespace.slice(0, 100))} is not the name of a namespace`, {
    hint: `${options.namespace ? '' : "the context's namespace: "}at most 63 lower case letters, digits and dashes`,
  });
}

/** Kubeconfig and flags as kubectl puts them together. Throws Failure `usage`, in kubectl's words where it has some. */
export function resolveSettings(options: ClusterOptions, environment: NodeJS.ProcessEnv): Settings {
  let config = loadKubeconfig(options.kubeconfig, environment);
  if (config.clusters.size === 0 && config.contexts.size === 0 && !options.server) {
    config = inClusterKubeconfig(environment) ?? config;
  }
  const context = contextOf(config, options);
  const userName = options.user || context.user || '';
  const user = userWithFlags(userOf(config, userName), options);
  checkMethods(user, userName);
  const clusterEntry = clusterWithFlags(clusterOf(config, options.cluster || context.cluster), options);
  return {
    server: serverUrl(clusterEntry, user),
    namespace: namespaceOf(options, context),
    authority: fileOrData(
      clusterEntry['certificate-authority'],
      clusterEntry['certificate-authority-data'],
      'certificate-authority',
    ),
    serverName: clusterEntry['tls-server-name'],
    skipTlsVerify: clusterEntry['insecure-skip-tls-verify'] === true,
    disableCompression: options.disableCompression ?? clusterEntry['disable-compression'] === true,
    proxyUrl: clusterEntry['proxy-url'],
    clusterEntry,
    userName,
    user,
    configured: clusterEntry.server !== undefined,
  };
}
