// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { ClusterOptions } from '../kube/cluster.js';
import type { Offer } from './answer.js';
import { Cache } from './cache.js';
import { cacheFolder } from './cache-folder.js';
import type { ClusterLookup, KubeconfigLookup, Lookup } from './wanted.js';

/** What names stand for in a kubeconfig. */
async function kubeconfigOffers(
  section: KubeconfigLookup['of'],
  options: ClusterOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Offer[]> {
  const { loadKubeconfig } = await import('../kube/kubeconfig-files.js');
  const config = loadKubeconfig(options.kubeconfig, environment);
  if (section === 'users') return [...config.users.keys()].map((word) => ({ word }));
  if (section === 'clusters') {
    const { redactedText } = await import('../kube/redacted-url.js');
    return [...config.clusters].map(([word, { server = '' }]) => ({ word, description: redactedText(server) }));
  }
  return [...config.contexts].map(([word, { cluster = '', namespace = 'default' }]) => ({
    word,
    description: `${word === config.currentContext ? 'current; ' : ''}cluster ${cluster}, namespace ${namespace}`,
  }));
}

/** Namespaces that contexts name, for those who may not list them. */
async function knownNamespaces(options: ClusterOptions, environment: NodeJS.ProcessEnv): Promise<Offer[]> {
  const { loadKubeconfig } = await import('../kube/kubeconfig-files.js');
  const { contexts } = loadKubeconfig(options.kubeconfig, environment);
  const names = [...contexts.values()].map(({ namespace }) => namespace).filter((name) => name !== undefined);
  return [...new Set(names)].map((word) => ({ word, description: 'of a context' }));
}

/** Secrets on the command line are no part of who we are that could be told: what they give is not kept. */
function isKept({ token, username, password }: ClusterOptions): boolean {
  return [token, username, password].every((secret) => secret === undefined);
}

async function clusterOffers(
  lookup: ClusterLookup,
  options: ClusterOptions,
  environment: NodeJS.ProcessEnv,
  limitMs: () => number,
): Promise<Offer[]> {
  const [{ quietReader }, { ask, questionOf }] = await Promise.all([
    import('../kube/quiet-reader.js'),
    import('./look-up.js'),
  ]);
  const reader = quietReader(options, environment);
  const { server, userName, namespace } = reader.settings;
  const question = questionOf(lookup, namespace);
  const { kubeconfig, as, asUid, asGroups, clientCertificate } = options;
  const files = kubeconfig === undefined ? environment['KUBECONFIG'] : resolve(kubeconfig);
  const who = [files, userName, as, asUid, asGroups, clientCertificate];
  const key = JSON.stringify([server, who, question.path, lookup]);
  const cache = new Cache(isKept(options) ? cacheFolder(environment) : undefined);
  const kept = cache.read(key);
  if (kept !== undefined) return kept;
  const offers = await ask(reader, question, limitMs());
  cache.write(key, offers);
  return offers;
}

/** What a lookup finds; nothing where that takes longer than `limitMs` says is left, or fails. */
export async function lookedUp(
  lookup: Lookup,
  options: ClusterOptions,
  { environment, limitMs }: { environment: NodeJS.ProcessEnv; limitMs: () => number },
): Promise<Offer[]> {
  try {
    switch (lookup.of) {
      case 'contexts':
      case 'clusters':
      case 'users':
        return await kubeconfigOffers(lookup.of, options, environment);
      default:
        return await clusterOffers(lookup, options, environment, limitMs);
    }
  } catch {
    const isNamespace = lookup.of === 'names' && lookup.kind === 'namespace';
    return isNamespace ? knownNamespaces(options, environment).catch(() => []) : [];
  }
}
