// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { missingNamespace } from '../targets/missing.js';
import { parseSource } from '../targets/source-grammar.js';
import { joinTypesAndNames } from '../targets/target-arguments.js';
import type { PodScope } from '../targets/visit-pods.js';

/** The flags that say which pods are looked at, as they were parsed. */
export interface ScopeFlags {
  'all-namespaces': boolean;
  selector?: string | undefined;
}

/** Words and flags as the pods that they mean, once the cluster says its namespace. Throws Failure `usage` in kubectl's words. */
export function podScope(words: readonly string[], flags: ScopeFlags): (cluster: Cluster) => PodScope {
  if (words.length > 0 && flags['all-namespaces']) {
    throw new Failure('usage', 'a resource cannot be retrieved by name across all namespaces');
  }
  if (words.length > 0 && flags.selector !== undefined) {
    throw new Failure('usage', 'name cannot be provided when a selector is specified');
  }
  const targets = joinTypesAndNames(words).map((word) => parseSource([word]));
  return (cluster) => ({
    targets,
    namespace: flags['all-namespaces'] ? undefined : cluster.namespace,
    selector: flags.selector,
  });
}

/** Says on stderr that nothing was found, unless the namespace does not exist: that is thrown as Failure `notFound`. */
export async function sayNothingFound(
  cluster: Cluster,
  { namespace }: PodScope,
  { words, signal }: { words: (namespace: string | undefined) => string; signal: AbortSignal },
): Promise<void> {
  const missing = namespace === undefined ? undefined : await missingNamespace(cluster, namespace, signal);
  if (missing !== undefined) throw missing;
  process.stderr.write(`${words(namespace)}\n`);
}

/** In the manner of kubectl's `No resources found in shop namespace.` */
export function noShapes(namespace: string | undefined): string {
  return namespace === undefined ? 'No shapes found.' : `No shapes found in ${namespace} namespace.`;
}
