// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseEffects, type EffectWords } from '../../../src/shaping/parse-effects.js';
import type { PodNetwork } from '../../../src/shaping/pod-network.js';
import { planChange } from '../../../src/shaping/plan-change.js';
import { countersOf, readbackDifferences } from '../../../src/shaping/readback.js';
import { ownershipOf } from '../../../src/shaping/ownership.js';
import { planShape, type Rule } from '../../../src/shaping/shape-plan.js';
import { parseShownFilters } from '../../../src/shaping/u32-text.js';
import { inspection } from './inspection.js';
import { parseLook } from './look.js';

const folder = new URL('./recordings/', import.meta.url);
type Recorded = Omit<Rule, 'effects'> & { words: EffectWords };
const rules = JSON.parse(readFileSync(new URL('rules.json', folder), 'utf8')) as Record<string, Recorded>;

function recordedRule(name: string): Rule {
  const { words, ...rest } = rules[name] ?? { words: {}, direction: 'egress', scope: undefined as never };
  return { ...rest, effects: parseEffects(words).effects };
}

const recordings = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.txt'))
  .map((file) => ({ file, kernel: file.split('/')[0] ?? '', name: /([^/]+)\.txt$/.exec(file)?.[1] ?? '' }));

const networkOf = (file: string): PodNetwork => parseLook(readFileSync(new URL(file, folder), 'utf8'));
const planOf = (kernel: string, rule: Rule) =>
  planShape(rule, 'eth0', inspection(kernel.startsWith('kernel-6.18') ? ['netem'] : []));

describe.each(recordings)('$file', ({ file, kernel, name }) => {
  const rule = recordedRule(name);
  const network = networkOf(file);
  const plan = planOf(kernel, rule);

  it('is read back as it was asked for', () => {
    expect(readbackDifferences(rule, plan, network)).toEqual([]);
    expect(ownershipOf(network, 'eth0')).toEqual({ state: 'ours', device: 'eth0' });
  });

  it('is no other rule', () => {
    for (const other of Object.keys(rules)) {
      if (other === name) continue;
      const otherRule = recordedRule(other);
      expect(readbackDifferences(otherRule, plan, network), other).not.toEqual([]);
    }
  });

  it('needs no change to stay what it is', () => {
    const change = planChange({ rule, network }, rule, 'eth0');
    expect(change?.tc).toEqual([]);
  });

  it('has new filters before the old ones go', () => {
    const scope = { ...rule.scope, peers: ['203.0.113.9'] };
    const change = planChange({ rule, network }, { ...rule, scope }, 'eth0');
    for (const hook of ['parent 6e6d:', 'ingress']) {
      const verbs = (change?.tc ?? [])
        .filter((line) => line.includes(` dev eth0 ${hook} `))
        .map((line) => line.split(' ', 2).join(' '));
      const additions = verbs.filter((verb) => verb === 'filter add');
      const deletions = verbs.filter((verb) => verb === 'filter del');
      expect(verbs).toEqual([...additions, ...deletions]);
    }
  });
});

/** 20 pings were sent while these were in place. nft's drop tells the sender, so that ping sends again what it could not. */
it.each(['kernel-6.18-iproute2-6.1/partition.txt', 'kernel-6.1-iproute2-6.1/all-packets.txt'])(
  '%s: packets are counted',
  (file) => {
    const { packets, droppedPackets } = countersOf(networkOf(file));
    expect(packets).toBeGreaterThanOrEqual(20);
    expect(droppedPackets).toBe(file.includes('partition') ? packets : 0);
  },
);

it('a change names every attribute, and a distribution cannot be taken away in place', () => {
  const rule = recordedRule('everything');
  const network = networkOf('kernel-6.1-iproute2-6.1/everything.txt');
  const next = (words: EffectWords) =>
    planChange({ rule, network }, { ...rule, effects: parseEffects(words).effects }, 'eth0');
  const none = 'duplicate 0% 0% corrupt 0% 0% reorder 0% 0% rate 0bit slot 0ms 0ms';
  expect(next({ delay: '5' })?.tc).toEqual([
    `qdisc change dev eth0 parent 6e6d:1 handle 6e6e: netem limit 1000 delay 5ms 0ms 0% loss 0% 0% ${none}`,
    `qdisc change dev nm-ifb parent 6e6d:1 handle 6e6e: netem limit 1000 delay 5ms 0ms 0% loss 0% 0% ${none}`,
  ]);
  expect(next({ delay: '5', jitter: '1' })).toBeUndefined();
  expect(next({ delay: '5', jitter: '1', distribution: 'pareto' })).toBeDefined();
});

it('what changes the means, the direction or the interface is no change in place', () => {
  const rule = recordedRule('rate');
  const network = networkOf('kernel-6.18-iproute2-6.1/rate.txt');
  const before = { rule, network };
  expect(planChange(before, { ...rule, effects: { delay: { us: 5 } } }, 'eth0')).toBeUndefined();
  expect(planChange(before, { ...rule, direction: 'egress' }, 'eth0')).toBeUndefined();
  expect(planChange(before, rule, 'eth1')).toBeUndefined();
  expect(planChange(before, { ...rule, effects: { rateBitsPerSecond: 5e6 } }, 'eth0')?.tc[0]).toBe(
    'qdisc change dev eth0 parent 6e6d:1 handle 6e6e: tbf rate 5mbit burst 16384 latency 100ms',
  );
});

describe('ownership', () => {
  const free = inspection();
  const root = (kind: string, handle: string, dev = 'eth0') => ({ kind, handle, dev, root: true });

  it("the kernel's own root qdisc is nobody's", () => {
    expect(ownershipOf(free, 'eth0')).toEqual({ state: 'free' });
    expect(ownershipOf({ ...free, qdiscs: [root('mq', '0:')] }, 'eth0')).toEqual({ state: 'free' });
  });

  it("somebody else's is named, on this interface", () => {
    const qdiscs = [root('htb', '1:', 'eth1'), root('tbf', '8001:')];
    expect(ownershipOf({ ...free, qdiscs }, 'eth0')).toEqual({ state: 'foreign', what: 'qdisc tbf 8001:' });
    expect(ownershipOf({ ...free, qdiscs }, 'lo')).toEqual({ state: 'free' });
    expect(ownershipOf({ ...free, qdiscs: [root('prio', '6e6d:')] }, 'eth0')).toMatchObject({ state: 'foreign' });
  });

  it('ours is found on any interface', () => {
    const qdiscs = [root('htb', '6e6d:', 'nm-ifb'), root('htb', '6e6d:', 'eth1')];
    expect(ownershipOf({ ...free, qdiscs }, 'eth0')).toEqual({ state: 'ours', device: 'eth1' });
  });
});

it("others' filters are not ours", () => {
  const text = `filter protocol all pref 1 bpf chain 0
filter protocol all pref 1 bpf chain 0 handle 0x1 cil_from_container direct-action not_in_hw id 5 tag ab
filter protocol ip pref 49152 u32 chain 0
filter protocol ip pref 49152 u32 chain 0 fh 800: ht divisor 1
filter protocol ip pref 49152 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 terminal flowid ??? not_in_hw
  match 0a000001/ffffffff at 12
\taction order 1: gact action drop
\t random type none pass val 0`;
  expect(parseShownFilters(text)).toEqual([
    { protocol: 'ip', preference: 49_152, keys: [{ value: 0x0a000001, mask: 0xffffffff, at: 12 }] },
  ]);
});
