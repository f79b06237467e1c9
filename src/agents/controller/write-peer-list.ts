// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { controllerName } from '../../model/prober.js';
import { appliedList, isApplied, listText, nextListText, whyLeftAlone, type ConfigMap } from './peer-list-object.js';
import type { ListPlace, WantedList } from './peer-lists.js';

/** What came of a peer list. `Static` and `NotOurs` are ConfigMaps that were left alone. */
export type ListOutcome = 'written' | 'unchanged' | 'deleted' | 'Static' | 'NotOurs';

function pathOf({ namespace, name }: ListPlace): string {
  return `/api/v1/namespaces/${namespace}/configmaps/${name}`;
}

/**
 * Makes a ConfigMap what it is to be, if it is not already: it is read first, for the period and for whose it is.
 * Throws Failure; 409 where somebody else changed it meanwhile.
 */
export async function writePeerList(cluster: Cluster, wanted: WantedList, signal: AbortSignal): Promise<ListOutcome> {
  const path = pathOf(wanted);
  const before = await existing(cluster, path, signal);
  const alone = before === undefined ? undefined : whyLeftAlone(before);
  if (alone !== undefined) return alone;
  if (wanted.action === 'delete') {
    if (before !== undefined) await cluster.delete(path, { signal });
    return 'deleted';
  }
  if (before === undefined && !wanted.isNeeded) return 'deleted';
  const text = nextListText(wanted.endpoints, wanted.periodNs, listText(before));
  if (isApplied(before, wanted, text)) return 'unchanged';
  // By force: `inject` made the same ConfigMap with the period in it.
  const query = { fieldManager: controllerName, force: true };
  await cluster.patch(path, 'apply', appliedList(wanted, text, before), { query, signal });
  return 'written';
}

async function existing(cluster: Cluster, path: string, signal: AbortSignal): Promise<ConfigMap | undefined> {
  try {
    return await cluster.get<ConfigMap>(path, { signal });
  } catch (thrown) {
    if (asFailure(thrown).status === 404) return undefined;
    throw thrown;
  }
}

/** Whether a peer list is what it is to be. */
export function isDone(outcome: ListOutcome): boolean {
  return outcome !== 'Static' && outcome !== 'NotOurs';
}

/** For the log. */
export function leftAlone({ namespace, name }: ListPlace, outcome: ListOutcome): string {
  const why = outcome === 'Static' ? 'it is labelled static' : 'it is not labelled as ours';
  return `ConfigMap ${namespace}/${name} is left alone: ${why}`;
}
