// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { fieldManager } from './field-manager.js';
import { pathOf, type InstalledObject } from './installed-object.js';

/**
 * Creates an object or makes its fields ours as they are here (server-side apply). What others own, such as the caBundle that
 * the controller writes, stays.
 */
export function applyObject<T>(
  cluster: Cluster,
  object: InstalledObject,
  { signal, dryRun = false }: { signal: AbortSignal; dryRun?: boolean },
): Promise<T> {
  const query = { fieldManager, force: true, ...(dryRun ? { dryRun: 'All' } : {}) };
  return cluster.patch<T>(pathOf(object), 'apply', object, { query, signal });
}

/** The object behind a path, or undefined where there is none. */
export async function getIfThere<T>(cluster: Cluster, path: string, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await cluster.get<T>(path, { signal });
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'notFound') return undefined;
    throw thrown;
  }
}

/** Deletes an object; false where there was none. */
export async function deleteIfThere(cluster: Cluster, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await cluster.delete(path, { signal });
    return true;
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'notFound') return false;
    throw thrown;
  }
}
