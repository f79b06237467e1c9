// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Cluster } from '../../src/kube/cluster.js';
import { connectCluster } from '../../src/kube/connect.js';
import type { Pod } from '../../src/kube/objects.js';
import type { Direction, EffectMeasurement, Effects } from '../../src/model/shaping.js';
import { compareEffect } from '../../src/shaping/effect-comparison.js';
import type { EffectTarget } from '../../src/shaping/effect-candidate.js';
import { measureEffect, type RawMeasurement } from '../../src/shaping/effect-measurement.js';
import { chooseEffectTarget } from '../../src/shaping/effect-target.js';
import type { RunInPod } from '../../src/shaping/pod-shaper.js';
import type { Scope } from '../../src/shaping/scope.js';
import { sourcePod } from '../../src/targets/source-pod.js';
import { readyPods, runIn, script } from '../integration/shaping/shaping-pods.js';
import { onEachBoot } from './each-boot.js';

const everything: Scope = {
  peers: [],
  excluded: [],
  exempt: [],
  ports: [],
  sourcePorts: [],
  destinationPorts: [],
};
const nodes = {
  delayed: 'node2',
  losing: 'node2',
  ways: 'node2',
  ports: 'node2',
  narrow: 'node2',
  peer: 'node1',
  bucket: 'node1',
};

let cluster: Cluster;
const pods = new Map<string, Pod>();

beforeAll(async () => {
  cluster = await connectCluster({});
});
afterAll(() => cluster.close());
onEachBoot('effect', async (namespace) => {
  for (const pod of await readyPods(cluster, namespace, nodes)) pods.set(pod.metadata.name, pod);
  unshaped.clear();
  left.clear();
});

interface Shaping {
  effects: Effects;
  direction?: Direction;
  scope?: Partial<Scope>;
  /** What shapes `eth0` so, by hand, and what takes it back. */
  rules: string;
  undo?: string;
}

/**
 * What was measured without a shape. It depends on the pod, the target and the asked rate only, so that it is measured once
 * for each of these. A shape that were left behind would show: the next one's rules could not be added beside it.
 */
const unshaped = new Map<string, RawMeasurement>();

/** How the rules are taken back that a test may have left in a pod, because it could not finish: it is tried again. */
const left = new Map<string, string>();

/** A ready pod's way to another may be some seconds old or stale; what is measured here is the shape. */
function measuredUnshaped(
  run: RunInPod,
  target: EffectTarget,
  effects: Effects,
  scope: Scope,
): Promise<RawMeasurement> {
  return vi.waitFor(
    async () => {
      const measurement = await measureEffect(run, target, effects, scope);
      expect(measurement).not.toHaveProperty('unmeasured');
      return measurement;
    },
    { timeout: 60_000, interval: 1000 },
  );
}

/** Measures a pod before and during a shape that is made by hand, against its peer. */
async function measured(name: string, shaping: Shaping): Promise<EffectMeasurement[]> {
  const pod = pods.get(name);
  if (pod === undefined) throw new Error(`there is no pod ${name}`);
  const { effects, direction = 'egress', rules, undo = undoOutgoing } = shaping;
  const scope = { ...everything, ...shaping.scope };
  const run = runIn(cluster, pod);
  const toUndo = left.get(name);
  if (toUndo !== undefined) await script(run, `set +e; ${toUndo}; true`);
  left.delete(name);
  const target = await chooseEffectTarget(cluster, {
    shaped: [pod],
    source: sourcePod(pod),
    peerAddresses: [pods.get('peer')?.status?.podIP ?? ''],
    scope,
    direction,
  });
  if ('unmeasured' in target) throw new Error(target.unmeasured);
  const key = JSON.stringify([name, target, scope, effects.rateBitsPerSecond]);
  const before = unshaped.get(key) ?? (await measuredUnshaped(run, target, effects, scope));
  unshaped.set(key, before);
  left.set(name, undo);
  await script(run, rules);
  try {
    const during = await measureEffect(run, target, effects, scope, before);
    expect(during).not.toHaveProperty('unmeasured');
    return compareEffect(before, during, { effects, direction });
  } finally {
    await script(run, undo);
    left.delete(name);
  }
}

/**
 * What goes to whom a filter of u32 matches, and nothing else, as our own rules have it: were ARP lost as well, how soon the
 * neighbours forget each other would decide what arrives.
 */
const netemFor = (match: string, words: string) =>
  `tc qdisc add dev eth0 root handle 6e6d: htb
   tc class add dev eth0 parent 6e6d: classid 6e6d:1 htb rate 32gbit quantum 60000
   tc qdisc add dev eth0 parent 6e6d:1 handle 6e6e: netem limit 20000 ${words}
   tc filter add dev eth0 parent 6e6d: protocol ip prio 100 u32 match ${match} flowid 6e6d:1`;
const netem = (words: string) => netemFor('u32 0 0', words);
const toPort = (port: number, words: string) => netemFor(`ip dport ${port} 0xffff`, words);
const tbf = (rate: string) => `tc qdisc add dev eth0 root tbf rate ${rate} burst 16kb latency 100ms`;
const undoOutgoing = 'tc qdisc del dev eth0 root';
const incoming = (words: string) =>
  `ip link add nm-ifb type ifb; ip link set nm-ifb up; tc qdisc add dev nm-ifb root netem ${words}
   tc qdisc add dev eth0 clsact
   tc filter add dev eth0 ingress protocol ip prio 1 u32 match u32 0 0 action mirred egress redirect dev nm-ifb`;
const undoIncoming = 'tc qdisc del dev eth0 clsact; ip link del nm-ifb';

/** So long that what a busy machine adds, and how it spreads, is little beside it. */
const delay: Effects = { delay: { us: 200_000 } };
const agrees = [{ agrees: true }];
const differs = [{ agrees: false }];

/** Each pod's cases. */
const cases: Record<string, [string, Shaping, object[]][]> = {
  delayed: [
    ['a delay', { effects: delay, rules: netem('delay 200ms') }, agrees],
    ['another one than asked for', { effects: delay, rules: netem('delay 500ms') }, differs],
    [
      'jitter beyond the delay',
      {
        effects: { delay: { us: 30_000, jitterUs: 40_000, distribution: 'normal' } },
        rules: netem('delay 30ms 40ms distribution normal'),
      },
      agrees,
    ],
    [
      'reordering of most',
      { effects: { delay: { us: 50_000 }, reorder: { percent: 85 } }, rules: netem('delay 50ms reorder 85%') },
      agrees,
    ],
  ],
  losing: [
    ['losses', { effects: { loss: { model: 'random', percent: 30 } }, rules: netem('loss 30%') }, agrees],
    ['more than asked for', { effects: { loss: { model: 'random', percent: 5 } }, rules: netem('loss 50%') }, differs],
    ['bursts', { effects: { loss: { model: 'gemodel', p: 10, r: 40 } }, rules: netem('loss gemodel 10% 40%') }, agrees],
    ['corruption', { effects: { corrupt: { percent: 40 } }, rules: netem('corrupt 40%') }, agrees],
    ['a partition', { effects: { partition: true }, rules: netem('loss 100%') }, agrees],
    // All of 20 echoes are lost once in a million.
    ['a partition that is none', { effects: { partition: true }, rules: netem('loss 50%') }, differs],
  ],
  ways: [
    [
      'what comes in',
      { effects: delay, direction: 'ingress', rules: incoming('delay 200ms'), undo: undoIncoming },
      agrees,
    ],
    [
      'both ways',
      {
        effects: delay,
        direction: 'both',
        rules: `${incoming('delay 200ms')}\n${netem('delay 200ms')}`,
        undo: `${undoIncoming}; ${undoOutgoing}`,
      },
      [{ agrees: true, expected: 400 }],
    ],
    ['one of two ways', { effects: delay, direction: 'both', rules: netem('delay 200ms') }, differs],
  ],
  ports: [
    [
      'a TCP port',
      { effects: delay, scope: { destinationPorts: [8080] }, rules: toPort(8080, 'delay 200ms') },
      [{ what: 'connectMs', agrees: true }],
    ],
    [
      'one that nobody listens on',
      { effects: delay, scope: { ports: [81] }, rules: toPort(81, 'delay 200ms') },
      [{ what: 'connectMs', agrees: true }],
    ],
    [
      'a partition of one',
      { effects: { partition: true }, scope: { ports: [8080] }, rules: toPort(8080, 'loss 100%') },
      [{ what: 'lossPercent', agrees: true }],
    ],
  ],
};

const rates: [string, string, number, string, boolean][] = [
  ['narrow', 'netem', 1e6, netem('rate 1mbit'), true],
  ['narrow', 'another rate', 1e6, netem('rate 2mbit'), false],
  ['bucket', 'tbf', 100_000, tbf('100kbit'), true],
  ['bucket', 'tbf', 10e6, tbf('10mbit'), true],
  // Much less than a machine can send that others use as well.
  ['bucket', 'tbf', 60e6, tbf('60mbit'), true],
];

// What was measured without a shape may be what was wrong where this is tried again.
beforeEach(({ task }) => {
  if ((task.result?.retryCount ?? 0) > 0) unshaped.clear();
});

describe('what was asked for is told from what was not', () => {
  const flat = Object.entries(cases).flatMap(([pod, own]) => own.map((one) => [pod, ...one] as const));
  test.for(flat)('in pod %s: %s', async ([name, , shaping, expected]) => {
    expect(await measured(name, shaping)).toMatchObject(expected);
  });

  test.for(rates)('rates: %s, %s, %d bit/s', async ([name, , rateBitsPerSecond, rules, right]) => {
    const measurements = await measured(name, { effects: { rateBitsPerSecond }, rules });
    expect(measurements).toMatchObject([{ what: 'rateBitsPerSecond', agrees: right }]);
  });
});
