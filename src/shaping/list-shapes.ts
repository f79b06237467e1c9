// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import type { Cluster } from '../kube/cluster.js';
import type { ShapeList, ShapeListItem } from '../model/shaping.js';
import { visitPods, type PodScope } from '../targets/visit-pods.js';
import { examineShape, type Examined } from './examine-shape.js';
import { countersOf } from './readback.js';
import { writtenShapes, type WrittenShapes } from './written-shapes.js';

/** Pods that are asked at once. */
const concurrency = 16;

/** A list, and what the person at the terminal has to know of it. */
export interface FoundShapes {
  list: ShapeList;
  notes: string[];
}

/** What is written about shapes in the pods of a scope; pods of which nothing is written are left out. */
async function findWrittenShapes(cluster: Cluster, scope: PodScope, signal: AbortSignal): Promise<WrittenShapes[]> {
  const found: WrittenShapes[] = [];
  await visitPods(cluster, scope, signal, (pod) => {
    const written = writtenShapes(pod);
    if (written !== undefined) found.push(written);
  });
  return found;
}

/** Seconds until a shape ends; 0 where nobody will end it any more, or its network went. */
function endsInSeconds({ state, record, remainingSeconds }: Examined): number {
  if (remainingSeconds !== undefined) return remainingSeconds;
  if (state === 'gone' || record === undefined) return 0;
  return Math.max(0, Math.round((Date.parse(record.endsAt) - Date.now()) / 1000));
}

function itemOf({ namespace, pod, node }: WrittenShapes, examined: Examined): ShapeListItem | undefined {
  const { state, record, network } = examined;
  if (state === 'none' || record === undefined) return undefined;
  const counters = network === undefined ? undefined : countersOf(network);
  return {
    namespace,
    pod,
    node,
    state,
    shape: record,
    ...(counters === undefined ? {} : { packets: counters.packets, droppedPackets: counters.droppedPackets }),
    endsInSeconds: endsInSeconds(examined),
  };
}

function noteOf({ namespace, pod }: WrittenShapes, { state, record, failure }: Examined): string[] {
  const name = `pod ${namespace}/${pod}`;
  if (failure !== undefined) return [`${name} could not be asked: ${failure.message}`];
  if (state === 'none' || record !== undefined) return [];
  return [`${name} has rules of ours of which nothing is written any more; shape clear removes them`];
}

function placeOf({ namespace, pod }: ShapeListItem): string {
  return JSON.stringify([namespace, pod]);
}

/**
 * The shapes of the pods of a scope, by what is written and by what running tool containers see; adds nothing to pods. A
 * pod that cannot be asked is `unknown`, with a note. Throws Failure when the pods cannot be read.
 */
export async function listShapes(cluster: Cluster, scope: PodScope, signal: AbortSignal): Promise<FoundShapes> {
  const found = await findWrittenShapes(cluster, scope, signal);
  const limit = pLimit(concurrency);
  const examined = await Promise.all(
    found.map((written) => limit(async () => ({ written, examined: await examineShape(cluster, written, signal) }))),
  );
  const items = examined.flatMap(({ written, examined }) => itemOf(written, examined) ?? []);
  items.sort((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1));
  return {
    list: { apiVersion: 'netmachinery.io/v1', kind: 'ShapeList', items },
    notes: examined.flatMap(({ written, examined }) => noteOf(written, examined)),
  };
}
