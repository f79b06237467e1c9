// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import type { Pod } from '../../kube/objects.js';
import { podLabel } from '../../kube/pod-eligibility.js';
import type { Effects, ShapeRecord } from '../../model/shaping.js';
import type { EntryContext } from '../../runs/pod-entry.js';
import { clearPods, type Clearance, type ClearPodsOptions } from '../clear-shapes.js';
import { resolveTargets, type ResolvedTarget } from './resolve-targets.js';
import type { ShapeTarget } from './shape-target.js';

const sorted = (words: readonly (string | number)[]) => [...new Set(words)].sort();

/** Whether a shape is limited as a rule says. Which of the pods that it may have for peers were drawn is not known any more. */
function isLimitedAs({ scope, direction }: ShapeRecord, rule: ShapeTarget['rule']): boolean {
  const { peers, ...others } = rule.scope;
  const { peers: found, ...limits } = scope;
  const hasPeers =
    rule.peerPods === undefined
      ? isDeepStrictEqual(sorted(found), sorted(peers))
      : peers.every((peer) => found.includes(peer));
  const lists = ['exclude', 'ports', 'sourcePorts', 'destinationPorts'] as const;
  const sameLimits = lists.every((name) => isDeepStrictEqual(sorted(limits[name]), sorted(others[name])));
  return direction === rule.direction && hasPeers && sameLimits && limits.protocol === others.protocol;
}

/** Whether a shape may come from some of these targets: each of its effects is one of theirs, for the same packets. */
function comesFrom(record: ShapeRecord, targets: readonly ResolvedTarget[]): boolean {
  const rules = targets.map(({ target }) => target.rule).filter((rule) => isLimitedAs(record, rule));
  const asks = (effect: keyof Effects) =>
    rules.some(({ effects }) => isDeepStrictEqual(effects[effect], record.effects[effect]));
  return (Object.keys(record.effects) as (keyof Effects)[]).every(asks);
}

/**
 * Clears exactly the shapes that manifests ask for. Which pods a mode had drawn cannot be known any more, so all that are
 * selected are looked at; a shape with other effects or of other packets is left alone. Throws Failure when the pods cannot be read.
 */
export async function clearManifests(
  context: EntryContext,
  targets: readonly ShapeTarget[],
  options: Omit<ClearPodsOptions, 'only' | 'force'>,
): Promise<Clearance> {
  const { cluster, signal } = context;
  const resolved = await resolveTargets(cluster, targets, {
    maxPods: Number.POSITIVE_INFINITY,
    everyPod: true,
    signal,
  });
  const byPod = new Map<string, { pod: Pod; targets: ResolvedTarget[] }>();
  for (const target of resolved) {
    for (const { pod } of target.pods) {
      const known = byPod.get(podLabel(pod));
      if (known === undefined) byPod.set(podLabel(pod), { pod, targets: [target] });
      else known.targets.push(target);
    }
  }
  const pods = [...byPod.values()].map(({ pod }) => pod);
  const only = (pod: Pod, record: ShapeRecord) => comesFrom(record, byPod.get(podLabel(pod))?.targets ?? []);
  return clearPods(context, pods, { ...options, force: false, only });
}
