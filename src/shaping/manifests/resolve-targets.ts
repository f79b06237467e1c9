// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { ScopeWords } from '../../model/shaping.js';
import { Lookup } from '../../targets/lookup.js';
import type { IpFamily } from '../../targets/names.js';
import { sourcePod, type SourcePod } from '../../targets/source-pod.js';
import { asSelectorFailure } from '../../targets/workload-pods.js';
import { PodDraw } from './pod-draw.js';
import { Problems } from '../../manifests/problems.js';
import { offerPods } from './select-pods.js';
import type { PodMode, PodSelection, ShapeTarget } from './shape-target.js';

export interface ResolveOptions {
  /** Of all targets together; more are refused. 10 by default. */
  maxPods?: number | undefined;
  /** Every pod that is selected, whatever the mode says: for what has been drawn before and is to be cleared. */
  everyPod?: boolean | undefined;
  /** In [0, 1). */
  random?: (() => number) | undefined;
  families?: readonly IpFamily[] | undefined;
  signal?: AbortSignal | undefined;
}

/** A target and the pods it means now; what its peers are, as words of `--peer`. */
export interface ResolvedTarget {
  target: ShapeTarget;
  pods: readonly SourcePod[];
  scope: ScopeWords;
}

/**
 * The pods of each target, by namespace and name. Throws one Failure for all targets: `notFound` where there is none,
 * peers included (no peers would mean everything), `usage` for more than `maxPods` different ones.
 */
export async function resolveTargets(
  cluster: Cluster,
  targets: readonly ShapeTarget[],
  options: ResolveOptions = {},
): Promise<ResolvedTarget[]> {
  const { maxPods = 10 } = options;
  const lookup = new Lookup(cluster, options.signal);
  const problems = new Problems();
  const settled = await Promise.allSettled(targets.map((target) => resolveTarget(lookup, target, options)));
  const resolved = settled.flatMap((result, index) => {
    if (result.status === 'fulfilled') return [result.value];
    problems.addFailure(targets[index]?.where ?? '', result.reason);
    return [];
  });
  problems.throwIfAny();
  const different = new Set(resolved.flatMap(({ pods }) => pods.map(({ namespace, name }) => `${namespace}/${name}`)));
  if (different.size > maxPods) {
    throw new Failure('usage', `the manifests mean ${different.size} pods, more than --max-pods ${maxPods}`, {
      hint: `use --max-pods ${different.size}`,
    });
  }
  return resolved;
}

async function resolveTarget(lookup: Lookup, target: ShapeTarget, options: ResolveOptions): Promise<ResolvedTarget> {
  const { maxPods = 10, everyPod = false, random = Math.random, families } = options;
  const mode: PodMode = everyPod ? { take: 'all' } : target.mode;
  const draw = new PodDraw(target.source.text, mode, maxPods, random);
  const peerDraw = peerDrawOf(target, random);
  await Promise.all([
    offer(lookup, target.source, draw),
    // Peers are not entered, and what is cleared needs none.
    everyPod || target.rule.peerPods === undefined
      ? undefined
      : offer(lookup, target.rule.peerPods.selection, peerDraw),
  ]);
  const peers = peerDraw.drawn().map(({ metadata }) => `${metadata.namespace ?? ''}/pod/${metadata.name}`);
  const { scope } = target.rule;
  return {
    target,
    pods: draw.drawn().map((pod) => sourcePod(pod, families)),
    scope: { ...scope, peers: [...scope.peers, ...peers] },
  };
}

/** Any number of peers may be meant: they are only written into filters. */
function peerDrawOf({ rule: { peerPods } }: ShapeTarget, random: () => number): PodDraw {
  return new PodDraw(
    peerPods?.selection.text ?? '',
    peerPods?.mode ?? { take: 'all' },
    Number.POSITIVE_INFINITY,
    random,
  );
}

async function offer(lookup: Lookup, selection: PodSelection, draw: PodDraw): Promise<void> {
  try {
    await offerPods(lookup, selection, draw);
  } catch (thrown) {
    const { labelSelector, fieldSelector } = selection;
    throw asSelectorFailure(thrown, [labelSelector, fieldSelector].filter((term) => term !== undefined).join(' and '));
  }
}
