// SPDX-License-Identifier: Apache-2.0
import { applyObject, getIfThere } from '../../installation/apply-object.js';
import { pathOf, resourceOf, type InstalledObject } from '../../installation/installed-object.js';
import { requireAccess } from '../../kube/access-review.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { checkLabel } from '../../model/check.js';
import { installed } from '../objects/install-options.js';
import { legacyDefinitionName } from '../objects/legacy.js';

export type Applied = 'created' | 'configured' | 'unchanged';

export interface ApplyOptions {
  dryRun: boolean;
  /** Takes each object, as the server has it now, or would. */
  onApplied: (object: InstalledObject, done: Applied) => void;
  /** Takes a line about what is not applied. */
  say: (line: string) => void;
  signal: AbortSignal;
}

/** `deployment.apps/NAME`, as kubectl names what it applies. */
export function objectName(object: InstalledObject): string {
  const { group } = resourceOf(object);
  return `${object.kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${object.metadata.name}`;
}

/** Whether an object carries our label: nothing else is taken over that has a name which others may have given, or removed. */
export function isOurs({ metadata }: KubeObject): boolean {
  return metadata.labels?.[checkLabel] === installed;
}

/** Throws Failure `forbidden` with all that is missing: server-side apply of what may not be there is a patch and a create. */
export async function requireApply(
  cluster: Cluster,
  objects: readonly InstalledObject[],
  signal: AbortSignal,
): Promise<void> {
  const accesses = objects.flatMap((object) =>
    ['get', 'create', 'patch'].map((verb) => ({ verb, ...resourceOf(object) })),
  );
  const distinct = new Map(accesses.map((access) => [JSON.stringify(access), access]));
  await requireAccess(cluster, [...distinct.values()], { signal });
}

/** The definition of netchecker's objects has one name in all clusters, and may be netchecker's own. */
function isForeign(object: InstalledObject, before: KubeObject | undefined): boolean {
  return object.metadata.name === legacyDefinitionName && before !== undefined && !isOurs(before);
}

/** An object but for its version, which a dry run leaves as it was, and for who wrote which of its fields. */
function contentOf(object: KubeObject): string {
  return JSON.stringify({
    ...object,
    metadata: { ...object.metadata, resourceVersion: undefined, managedFields: undefined },
  });
}

/** Applies objects in their order. Throws as Cluster does. */
export async function applyObjects(
  cluster: Cluster,
  objects: readonly InstalledObject[],
  { dryRun, onApplied, say, signal }: ApplyOptions,
): Promise<void> {
  const absent = new Set<string>();
  for (const object of objects) {
    const { metadata } = object;
    const before = await getIfThere<KubeObject>(cluster, pathOf(object), signal);
    if (object.kind === 'Namespace' && before === undefined) absent.add(metadata.name);
    if (isForeign(object, before)) {
      say(`${objectName(object)} is there and not ours: it stays as it is`);
      continue;
    }
    if (dryRun && absent.has(metadata.namespace ?? '')) {
      // The API server has no place to try it in.
      onApplied(object, 'created');
      continue;
    }
    const after = await applyObject<InstalledObject>(cluster, object, { signal, dryRun });
    onApplied(
      after,
      before === undefined ? 'created' : contentOf(before) === contentOf(after) ? 'unchanged' : 'configured',
    );
  }
}
