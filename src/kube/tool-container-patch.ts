// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';
import type { Container, Pod } from './objects.js';
import { isNameTaken } from './tool-container-refusal.js';

/** The API path of a pod. */
export function podPath({ metadata: { namespace, name } }: Pod): string {
  return `/api/v1/namespaces/${namespace ?? 'default'}/pods/${name}`;
}

/** Adds one ephemeral container by a patch that holds nothing else; with `dryRun` the server only says what it would do. */
export async function patchToolContainer(
  cluster: Cluster,
  pod: Pod,
  container: Container,
  options: { signal?: AbortSignal | undefined; dryRun?: boolean },
): Promise<Pod> {
  // A strategic patch merges by name and needs no resourceVersion: whoever else adds one does not get in the way.
  const body = { spec: { ephemeralContainers: [container] } };
  const query = options.dryRun === true ? { dryRun: 'All' } : undefined;
  return cluster.patch<Pod>(`${podPath(pod)}/ephemeralcontainers`, 'strategic', body, {
    query,
    signal: options.signal,
  });
}

/** 409 and 5xx pass, and a name that is another container's by now is not the next one that is tried. */
export function mayPass(thrown: unknown): boolean {
  return thrown instanceof Failure && ([409, 500, 503, 504].includes(thrown.status ?? 0) || isNameTaken(thrown));
}
