// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { deleteIfThere, getIfThere } from '../../installation/apply-object.js';
import { pathOf, type InstalledObject } from '../../installation/installed-object.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import { everyCheckObject } from '../objects/check-objects.js';
import { isOurs } from './apply-objects.js';

export interface UninstallRequest {
  /** Whether to wait until namespaces and definitions are gone, for which the API server needs a while. */
  wait: boolean;
  timeoutMs: number;
  /** Takes a line for each object that is deleted. */
  onDeleted: (line: string) => void;
  /** Takes a line about what stays. */
  say: (line: string) => void;
  progress: (text: string) => void;
  signal: AbortSignal;
}

export interface Uninstalled {
  deleted: number;
  /** What was still being deleted when the time was over, as messages name it. */
  left: string[];
}

const lookMs = 500;

/** These go after what is in them. */
const isSlow = ({ kind }: InstalledObject) => kind === 'Namespace' || kind === 'CustomResourceDefinition';

function words({ kind, metadata }: InstalledObject): string {
  const where = metadata.namespace === undefined ? '' : ` in namespace ${metadata.namespace}`;
  return `${kind} ${metadata.name}${where}`;
}

/** Deletes what carries our label, and says so. Whether there was anything to delete. */
async function remove(
  cluster: Cluster,
  object: InstalledObject,
  { onDeleted, say, signal }: Pick<UninstallRequest, 'onDeleted' | 'say' | 'signal'>,
): Promise<boolean> {
  const found = await getIfThere<KubeObject>(cluster, pathOf(object), signal);
  if (found === undefined) return false;
  if (!isOurs(found)) {
    say(`${words(object)} is not ours (it lacks our label) and stays`);
    return false;
  }
  // Whoever waits waits for it as well, and it is being deleted already.
  if (found.metadata.deletionTimestamp !== undefined) return true;
  if (!(await deleteIfThere(cluster, pathOf(object), signal))) return false;
  onDeleted(`deleted ${words(object)}`);
  return true;
}

/**
 * Removes everything that `check install` applies, in every way of it, and all that the server wrote: that is in the namespaces, or
 * goes with its definition. Nothing is touched that lacks our label.
 */
export async function uninstallCheck(cluster: Cluster, request: UninstallRequest): Promise<Uninstalled> {
  const { wait } = request;
  const objects = (await everyCheckObject()).reverse();
  // The server before what it may do and what it keeps, or it writes again.
  const ordered = [...objects.filter((object) => !isSlow(object)), ...objects.filter(isSlow)];
  const deleted: InstalledObject[] = [];
  try {
    for (const object of ordered) if (await remove(cluster, object, request)) deleted.push(object);
    return { deleted: deleted.length, left: wait ? await awaitGone(cluster, deleted, request) : [] };
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'interrupted') throw thrown;
    throw new Failure('interrupted', `interrupted: ${deleted.length} objects are deleted, or are being deleted`, {
      hint: 'the same command goes on, and waits for those that are being deleted',
      reason: thrown.reason,
      cause: thrown,
    });
  }
}

/** Waits until those are gone that take a while; what is still there when the time is over. */
async function awaitGone(
  cluster: Cluster,
  deleted: readonly InstalledObject[],
  { timeoutMs, progress, signal }: UninstallRequest,
): Promise<string[]> {
  const untilMs = performance.now() + timeoutMs;
  const left = deleted.filter(isSlow);
  while (left[0] !== undefined && performance.now() < untilMs) {
    progress(`waiting until ${words(left[0])} is gone`);
    if ((await getIfThere<KubeObject>(cluster, pathOf(left[0]), signal)) === undefined) left.shift();
    else await pause(lookMs, signal);
  }
  return left.map(words);
}

/** Removes what an installation before had and this one has not: the host network's agents, the legacy API. */
export async function removeUnwanted(
  cluster: Cluster,
  wanted: readonly InstalledObject[],
  { say, signal }: Pick<UninstallRequest, 'say' | 'signal'>,
): Promise<void> {
  const paths = new Set(wanted.map(pathOf));
  const unwanted = (await everyCheckObject()).reverse().filter((object) => !paths.has(pathOf(object)));
  // What is somebody else's was never ours to mention here.
  for (const object of unwanted) await remove(cluster, object, { onDeleted: say, say: () => undefined, signal });
}
