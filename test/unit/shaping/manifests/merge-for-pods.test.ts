// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../src/errors/failure.js';
import type { Effects, ScopeWords } from '../../../../src/model/shaping.js';
import { mergeForPods } from '../../../../src/shaping/manifests/merge-for-pods.js';
import type { ResolvedTarget } from '../../../../src/shaping/manifests/resolve-targets.js';
import type { ShapeTarget } from '../../../../src/shaping/manifests/shape-target.js';
import { sourcePod } from '../../../../src/targets/source-pod.js';
import { refusal } from '../../targets/refusal.js';

const everything: ScopeWords = { peers: [], exclude: [], ports: [], sourcePorts: [], destinationPorts: [] };

function pod(name: string) {
  return sourcePod({ metadata: { name, namespace: 'bank' }, spec: { containers: [] } });
}

/** A target named `where`, resolved to pods of these names. */
function resolved(
  where: string,
  effects: Effects,
  pods: readonly string[],
  more: Partial<ShapeTarget> & { scope?: ScopeWords; direction?: 'egress' | 'ingress' } = {},
): ResolvedTarget {
  const { scope = everything, direction = 'egress', ...rest } = more;
  const source = { text: where, namespaces: [] };
  const target: ShapeTarget = { where, source, mode: { take: 'all' }, rule: { effects, direction, scope }, ...rest };
  return { target, pods: pods.map(pod), scope };
}

const delay = { delay: { us: 100_000 } };
const loss: Effects = { loss: { model: 'random', percent: 1 } };

describe('targets of one pod', () => {
  test('become one rule', () => {
    const shapes = mergeForPods([
      resolved('b', loss, ['y', 'x'], { durationMs: 5000 }),
      resolved('a', delay, ['x']),
      resolved('c', { reorder: { percent: 5 } }, ['x']),
    ]);
    expect(
      shapes.map(({ pod: { name }, effects, where, durationMs }) => ({ name, effects, where, durationMs })),
    ).toEqual([
      { name: 'x', effects: { ...delay, ...loss, reorder: { percent: 5 } }, where: ['a', 'b', 'c'], durationMs: 5000 },
      { name: 'y', effects: loss, where: ['b'], durationMs: 5000 },
    ]);
  });

  test('the same peers in another order are the same', () => {
    const peers = ['192.0.2.1', '192.0.2.2'];
    const shapes = mergeForPods([
      resolved('a', delay, ['x'], { scope: { ...everything, peers } }),
      resolved('b', loss, ['x'], { scope: { ...everything, peers: peers.toReversed() } }),
    ]);
    expect(shapes).toMatchObject([{ scope: { peers } }]);
  });

  test.each<[string, ResolvedTarget[], string]>([
    ['an effect twice', [resolved('a', delay, ['x']), resolved('b', delay, ['x'])], 'is given delay twice: a and b'],
    [
      'a rate twice, of three',
      [
        resolved('c', { rateBitsPerSecond: 1 }, ['x']),
        resolved('b', loss, ['x']),
        resolved('a', { rateBitsPerSecond: 1 }, ['x']),
      ],
      'is given rate twice: a and c',
    ],
    [
      'directions',
      [resolved('a', delay, ['x']), resolved('b', loss, ['x'], { direction: 'ingress' })],
      'two directions: a and b',
    ],
    [
      'interfaces',
      [resolved('a', delay, ['x']), resolved('b', loss, ['x'], { interface: 'eth1' })],
      'different interfaces',
    ],
    [
      'peers',
      [resolved('a', delay, ['x']), resolved('b', loss, ['x'], { scope: { ...everything, peers: ['::1'] } })],
      'different peers',
    ],
    [
      'durations',
      [resolved('a', delay, ['x'], { durationMs: 1000 }), resolved('b', loss, ['x'], { durationMs: 2000 })],
      'different durations',
    ],
    ['reorder without delay', [resolved('a', { reorder: { percent: 5 } }, ['x'])], 'reorder needs delay: a'],
    ['a limit alone', [resolved('a', { limitPackets: 5 }, ['x'])], 'limit needs delay, rate or slot'],
    [
      'a partition and more',
      [resolved('a', { partition: true }, ['x']), resolved('b', loss, ['x'])],
      'no other effect: a and b',
    ],
  ])('%s', (_, targets, message) => {
    expect(refusal(() => mergeForPods(targets)).message).toContain(message);
    expect(refusal(() => mergeForPods(targets.toReversed())).message).toContain(message);
  });
});

test('the order of targets and of their pods does not matter', () => {
  const effects: fc.Arbitrary<Effects> = fc.constantFrom<Effects>(
    delay,
    loss,
    { rateBitsPerSecond: 1e6 },
    { duplicate: { percent: 1 } },
    { reorder: { percent: 1 } },
    { partition: true },
    { limitPackets: 9 },
  );
  const names = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 });
  const more = fc.record(
    { interface: fc.constantFrom('eth0', 'eth1'), durationMs: fc.constantFrom(1000, 2000) },
    { requiredKeys: [] },
  );
  const outcome = (targets: readonly ResolvedTarget[]) => {
    try {
      return mergeForPods(targets);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(Failure);
      return (thrown as Failure).message;
    }
  };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(effects, names, more), { maxLength: 5 }).chain((tuples) => {
        const targets = tuples.map(([effect, pods, rest], index) => resolved(`t${index}`, effect, pods, rest));
        return fc.tuple(fc.constant(targets), fc.shuffledSubarray(targets, { minLength: targets.length }));
      }),
      ([targets, shuffled]) => {
        const turned = shuffled.map((target) => ({ ...target, pods: target.pods.toReversed() }));
        expect(outcome(turned)).toEqual(outcome(targets));
      },
    ),
    { numRuns: 500 },
  );
});
