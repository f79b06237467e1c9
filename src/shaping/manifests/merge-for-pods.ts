// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Direction, Effects, ScopeWords } from '../../model/shaping.js';
import type { SourcePod } from '../../targets/source-pod.js';
import type { ResolvedTarget } from './resolve-targets.js';

/** The one rule of a pod. */
export interface PodShape {
  pod: SourcePod;
  effects: Effects;
  direction: Direction;
  scope: ScopeWords;
  interface?: string;
  durationMs?: number;
  /** The targets that it comes from, sorted. */
  where: readonly string[];
}

/** Words for the effects, as manifests call them. */
const effectNames: Readonly<Record<keyof Effects, string>> = {
  delay: 'delay',
  loss: 'loss',
  duplicate: 'duplicate',
  corrupt: 'corrupt',
  reorder: 'reorder',
  rateBitsPerSecond: 'rate',
  limitPackets: 'limit',
  slot: 'slot',
  partition: 'partition',
};

/**
 * One rule for each pod out of all targets that hit it, by namespace and name; the order of the targets does not matter.
 * Throws Failure `usage` that names both places where two of them contradict: the same effect twice, another direction,
 * other peers, another interface (a pod has one shape) or another duration.
 */
export function mergeForPods(resolved: readonly ResolvedTarget[]): PodShape[] {
  const byPod = new Map<string, { pod: SourcePod; targets: ResolvedTarget[] }>();
  for (const target of resolved) {
    for (const pod of target.pods) {
      const key = `${pod.namespace}/${pod.name}`;
      const known = byPod.get(key);
      if (known === undefined) byPod.set(key, { pod, targets: [target] });
      else known.targets.push(target);
    }
  }
  return [...byPod]
    .sort(([left], [right]) => compare(left, right))
    .map(([, { pod, targets }]) =>
      mergeForPod(
        pod,
        targets.sort((a, b) => comparePlaces(a.target.where, b.target.where)),
      ),
    );
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const numeric = new Intl.Collator('en', { numeric: true });

/** Line 5 stands before line 14. */
function comparePlaces(left: string, right: string): number {
  return numeric.compare(left, right) || compare(left, right);
}

function mergeForPod(pod: SourcePod, targets: readonly ResolvedTarget[]): PodShape {
  const shapes = targets.map((resolved) => shapeOf(pod, resolved));
  shapes.forEach((left, index) => {
    for (const right of shapes.slice(index + 1)) refuseContradiction(left, right);
  });
  return checked(
    shapes.reduce((left, right) => ({
      ...left,
      ...right,
      effects: { ...left.effects, ...right.effects },
      where: [...left.where, ...right.where],
    })),
  );
}

function shapeOf(pod: SourcePod, { target, scope }: ResolvedTarget): PodShape {
  const { interface: device, durationMs, where } = target;
  return {
    pod,
    effects: target.rule.effects,
    direction: target.rule.direction,
    scope: normalized(scope),
    ...(device === undefined ? {} : { interface: device }),
    ...(durationMs === undefined ? {} : { durationMs }),
    where: [where],
  };
}

function refuseContradiction(left: PodShape, right: PodShape): void {
  const places = [...left.where, ...right.where].join(' and ');
  const { namespace, name } = left.pod;
  const contradiction = (what: string, hint: string) =>
    new Failure('usage', `pod ${namespace}/${name} is given ${what}: ${places}`, { hint });
  for (const effect of Object.keys(effectNames) as (keyof Effects)[]) {
    if (left.effects[effect] !== undefined && right.effects[effect] !== undefined) {
      throw contradiction(`${effectNames[effect]} twice`, 'leave one of them out');
    }
  }
  const onePodOneRule = 'a pod has one shape: shape it by one manifest after the other';
  if (left.direction !== right.direction) throw contradiction('two directions', onePodOneRule);
  if (JSON.stringify(left.scope) !== JSON.stringify(right.scope)) throw contradiction('different peers', onePodOneRule);
  if (left.interface !== right.interface) throw contradiction('different interfaces', onePodOneRule);
  if (left.durationMs !== undefined && right.durationMs !== undefined && left.durationMs !== right.durationMs) {
    throw contradiction('different durations', 'give them the same');
  }
}

/** What effects need of each other, which no single target can tell. */
function checked(shape: PodShape): PodShape {
  const { partition, delay, reorder, limitPackets, rateBitsPerSecond, slot } = shape.effects;
  const wrong = (what: string, hint: string) =>
    new Failure('usage', `pod ${shape.pod.namespace}/${shape.pod.name}: ${what}: ${shape.where.join(' and ')}`, {
      hint,
    });
  const waits = [delay, rateBitsPerSecond, slot].some((effect) => effect !== undefined);
  if (partition && Object.keys(shape.effects).length > 1) {
    throw wrong('partition goes with no other effect', 'a partition drops every packet');
  }
  if (reorder !== undefined && delay === undefined) {
    throw wrong('reorder needs delay', 'a packet overtakes others by not being delayed');
  }
  if (limitPackets !== undefined && !waits) throw wrong('limit needs delay, rate or slot', 'nothing waits otherwise');
  return shape;
}

function normalized({ peers, exclude, ports, sourcePorts, destinationPorts, protocol }: ScopeWords): ScopeWords {
  const sorted = <T extends string | number>(words: readonly T[]) => [...new Set(words)].sort();
  return {
    peers: sorted(peers),
    exclude: sorted(exclude),
    ports: sorted(ports),
    sourcePorts: sorted(sourcePorts),
    destinationPorts: sorted(destinationPorts),
    ...(protocol === undefined ? {} : { protocol }),
  };
}
