// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEffects } from '../../src/shaping/parse-effects.js';
import { planChange } from '../../src/shaping/plan-change.js';
import { kernelFeatures, type KernelFeature, type PodInspection } from '../../src/shaping/pod-network.js';
import { countersOf, readbackDifferences } from '../../src/shaping/readback.js';
import { planShape, type Rule } from '../../src/shaping/shape-plan.js';
import { createReady, getPod, images, kubectl, podManifest } from '../e2e/kubectl.js';
import { acceptedWords, directions, scopes, wordsWithoutNetem } from '../unit/shaping/arbitrary-rules.js';
import { applied, lookedAt, undone, type Execute } from '../integration/shaping/pod-kernel.js';
import { onEachBoot } from './each-boot.js';

const device = 'eth0';
const nodes = {
  node1: { lacks: ['netem'] as KernelFeature[], words: wordsWithoutNetem },
  node2: { lacks: [] as KernelFeature[], words: acceptedWords },
};
type Node = keyof typeof nodes;
let namespace = '';

const shaped = (node: Node): object => {
  const securityContext = { runAsUser: 0, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } };
  const main = { name: 'main', image: images.toolbox, command: ['sleep', 'infinity'], securityContext };
  return podManifest(node, { node, spec: { terminationGracePeriodSeconds: 0, containers: [main] } });
};

onEachBoot('readback', async (own) => {
  namespace = own;
  await createReady(namespace, shaped('node1'), shaped('node2'));
});

const executeIn =
  (node: Node): Execute =>
  (argv) =>
    kubectl(['exec', '-n', namespace, node, '--', ...argv]);

async function inspect(node: Node): Promise<PodInspection> {
  const supports = kernelFeatures.filter((feature) => !nodes[node].lacks.includes(feature));
  const network = await lookedAt(executeIn(node), device);
  return { ...network, supports: new Set(supports), missing: new Map(), hosts: new Map() };
}

describe.each(['node1', 'node2'] as const)('on %s', (node) => {
  it('the kernel takes what is planned for a sample of requests, and shows the same', async () => {
    const execute = executeIn(node);
    // Where this is tried again, the last try may have left its rules.
    await undone(execute, device);
    const inspection = await inspect(node);
    const requests = fc.sample(fc.tuple(nodes[node].words, directions, scopes), { numRuns: 24, seed: 20_261_121 });
    for (const [words, direction, scope] of requests) {
      const rule: Rule = { effects: parseEffects(words).effects, direction, scope };
      const plan = planShape(rule, device, inspection);
      const network = await applied(execute, device, plan);
      expect(readbackDifferences(rule, plan, network), JSON.stringify(rule)).toEqual([]);
    }
    expect((await inspect(node)).qdiscs).toEqual(
      inspection.qdiscs.map((qdisc) => expect.objectContaining({ kind: qdisc.kind }) as unknown),
    );
  }, 900_000);

  it('changes in place, packet by packet, and loses nothing by it', async () => {
    const execute = executeIn(node);
    // Where this is tried again, the last try may have left its rules.
    await undone(execute, device);
    const inspection = await inspect(node);
    const { status } = await getPod(namespace, node);
    const gateway = (await execute(['sh', '-c', 'ip -4 route show default'])).split(' ')[2] ?? '';
    const all = { peers: [], excluded: [], exempt: [], ports: [], sourcePorts: [], destinationPorts: [] };
    const [slow, slower] =
      node === 'node2' ? [{ delay: '50' }, { delay: '80' }] : [{ rate: '10mbit' }, { rate: '5mbit' }];
    const rule: Rule = { effects: parseEffects(slow).effects, direction: 'both', scope: all };
    const plan = planShape(rule, device, inspection);
    const pinging = `ping -q -c 300 -i 0.02 -W 3 ${gateway}`;
    try {
      let network = await applied(execute, device, plan, 'keep');
      let current = rule;
      const ping = execute(['sh', '-c', `${pinging}; true`]);
      for (const next of [
        { ...rule, effects: parseEffects(slower).effects },
        { ...rule, scope: { ...all, peers: [gateway, '2001:2::/48'], exempt: [status?.podIP ?? ''] } },
        { ...rule, scope: { ...all, protocol: 'icmp' as const } },
        rule,
      ]) {
        const change = planChange({ rule: current, network }, next, device);
        if (change === undefined) throw new Error('it cannot be changed in place');
        network = await applied(execute, device, change, 'keep');
        current = next;
        expect(readbackDifferences(next, plan, network)).toEqual([]);
      }
      expect(await ping).toContain('300 packets transmitted, 300 received');
      const counters = countersOf(await lookedAt(execute, device));
      expect(counters.packets).toBeGreaterThanOrEqual(600);
      expect(counters.droppedPackets).toBe(0);
    } finally {
      await undone(execute, device);
    }
  });
});
