// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test, vi, type TestContext } from 'vitest';
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
import { whyNoNode2 } from '../e2e/manifests.js';
import { temporaryNamespace } from '../integration/kube/namespace.js';
import { readyPods, runIn, script } from '../integration/shaping/shaping-pods.js';

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
let namespace: string;
let missing: string | undefined;
const pods = new Map<string, Pod>();

beforeAll(async () => {
  [cluster, missing] = await Promise.all([connectCluster({}), whyNoNode2()]);
  namespace = await temporaryNamespace(cluster);
  const wanted = Object.entries(nodes).filter(([, node]) => missing === undefined || node !== 'node2');
  const ready = await readyPods(cluster, namespace, Object.fromEntries(wanted));
  for (const pod of ready) pods.set(pod.metadata.name, pod);
});

afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${namespace}`);
  cluster.close();
});

function podOrSkip(context: TestContext, name: string): Pod {
  const pod = pods.get(name);
  if (pod === undefined) context.skip(missing);
  return pod;
}

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
async function measured(pod: Pod, shaping: Shaping): Promise<EffectMeasurement[]> {
  const { effects, direction = 'egress', rules, undo = 'tc qdisc del dev eth0 root' } = shaping;
  const scope = { ...everything, ...shaping.scope };
  const run = runIn(cluster, pod);
  const { name } = pod.metadata;
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
  const key = JSON.stringify([pod.metadata.name, target, scope, effects.rateBitsPerSecond]);
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

const netem = (words: string) => `tc qdisc add dev eth0 root netem limit 20000 ${words}`;
const tbf = (rate: string) => `tc qdisc add dev eth0 root tbf rate ${rate} burst 16kb latency 100ms`;
const toPort = (port: number, words: string) =>
  `tc qdisc add dev eth0 root handle 6e6d: htb
   tc class add dev eth0 parent 6e6d: classid 6e6d:1 htb rate 32gbit quantum 60000
   tc qdisc add dev eth0 parent 6e6d:1 handle 6e6e: netem ${words}
   tc filter add dev eth0 parent 6e6d: protocol ip prio 100 u32 match ip dport ${port} 0xffff flowid 6e6d:1`;
const incoming = (words: string) =>
  `ip link add nm-ifb type ifb; ip link set nm-ifb up; tc qdisc add dev nm-ifb root netem ${words}
   tc qdisc add dev eth0 clsact
   tc filter add dev eth0 ingress protocol ip prio 1 u32 match u32 0 0 action mirred egress redirect dev nm-ifb`;
const undoIncoming = 'tc qdisc del dev eth0 clsact; ip link del nm-ifb';

const delay: Effects = { delay: { us: 60_000 } };
const agrees = [{ agrees: true }];
const differs = [{ agrees: false }];

/** Each pod's cases. */
const cases: Record<string, [string, Shaping, object[]][]> = {
  delayed: [
    ['a delay', { effects: delay, rules: netem('delay 60ms') }, agrees],
    ['another one than asked for', { effects: delay, rules: netem('delay 120ms') }, differs],
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
    ['a partition that is none', { effects: { partition: true }, rules: netem('loss 90%') }, differs],
  ],
  ways: [
    [
      'what comes in',
      { effects: delay, direction: 'ingress', rules: incoming('delay 60ms'), undo: undoIncoming },
      agrees,
    ],
    [
      'both ways',
      {
        effects: delay,
        direction: 'both',
        rules: `${incoming('delay 60ms')}\n${netem('delay 60ms')}`,
        undo: `${undoIncoming}; tc qdisc del dev eth0 root`,
      },
      [{ agrees: true, expected: 120 }],
    ],
    ['one of two ways', { effects: delay, direction: 'both', rules: netem('delay 60ms') }, differs],
  ],
  ports: [
    [
      'a TCP port',
      { effects: delay, scope: { destinationPorts: [8080] }, rules: toPort(8080, 'delay 60ms') },
      [{ what: 'connectMs', agrees: true }],
    ],
    [
      'one that nobody listens on',
      { effects: delay, scope: { ports: [81] }, rules: toPort(81, 'delay 60ms') },
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
  ['bucket', 'tbf', 200e6, tbf('200mbit'), true],
];

describe('what was asked for is told from what was not', () => {
  const flat = Object.entries(cases).flatMap(([pod, own]) => own.map((one) => [pod, ...one] as const));
  test.for(flat)('in pod %s: %s', async ([name, , shaping, expected], context) => {
    expect(await measured(podOrSkip(context, name), shaping)).toMatchObject(expected);
  });

  test.for(rates)('rates: %s, %s, %d bit/s', async ([name, , rateBitsPerSecond, rules, right], context) => {
    const pod = podOrSkip(context, name);
    const measurements = await measured(pod, { effects: { rateBitsPerSecond }, rules });
    expect(measurements).toMatchObject([{ what: 'rateBitsPerSecond', agrees: right }]);
  });
});
