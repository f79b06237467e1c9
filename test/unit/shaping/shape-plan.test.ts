// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEffects, type EffectWords } from '../../../src/shaping/parse-effects.js';
import type { KernelFeature } from '../../../src/shaping/pod-network.js';
import type { Scope } from '../../../src/shaping/scope.js';
import { planLines, planShape, type Rule } from '../../../src/shaping/shape-plan.js';
import { acceptedWords, directions, scopes, wordsWithoutNetem } from './arbitrary-rules.js';
import { inspection } from './inspection.js';

const everything: Scope = { peers: [], excluded: [], exempt: [], ports: [], sourcePorts: [], destinationPorts: [] };
const rule = (words: EffectWords, direction: Rule['direction'] = 'egress', scope: Partial<Scope> = {}): Rule => ({
  effects: parseEffects(words).effects,
  direction,
  scope: { ...everything, ...scope },
});
const withoutNetem: KernelFeature[] = ['netem'];

describe('a plan', () => {
  it('for everything that leaves', () => {
    expect(planLines(planShape(rule({ delay: '100ms', jitter: '10ms' }), 'eth0', inspection()))).toEqual([
      'tc qdisc add dev eth0 root handle 6e6d: htb',
      'tc class add dev eth0 parent 6e6d: classid 6e6d:1 htb rate 32gbit burst 10mb cburst 10mb quantum 60000',
      'tc qdisc add dev eth0 parent 6e6d:1 handle 6e6e: netem limit 22000 delay 100ms 10ms 0%',
      'tc filter add dev eth0 parent 6e6d: protocol ipv6 pref 100 u32 match ip6 protocol 58 0xff match u8 0x85 0xff at 40 flowid 6e6d:0',
      'tc filter add dev eth0 parent 6e6d: protocol ipv6 pref 100 u32 match ip6 protocol 58 0xff match u8 0x86 0xfe at 40 flowid 6e6d:0',
      'tc filter add dev eth0 parent 6e6d: protocol ipv6 pref 100 u32 match ip6 protocol 58 0xff match u8 0x88 0xfe at 40 flowid 6e6d:0',
      'tc filter add dev eth0 parent 6e6d: protocol ip pref 101 u32 match u32 0 0 flowid 6e6d:1',
      'tc filter add dev eth0 parent 6e6d: protocol ipv6 pref 102 u32 match u32 0 0 flowid 6e6d:1',
    ]);
  });

  it('for what comes in from a peer', () => {
    const plan = planShape(
      rule({ loss: '5' }, 'ingress', { peers: ['10.0.0.1'], exempt: ['10.9.0.1'] }),
      'eth0',
      inspection(),
    );
    expect(plan).toMatchObject({ links: ['link add nm-ifb type ifb', 'link set nm-ifb up'], nft: '', by: ['netem'] });
    expect(plan.tc.slice(-3)).toEqual([
      'qdisc add dev eth0 clsact',
      'filter add dev eth0 ingress protocol ip pref 28269 u32 match ip src 10.9.0.1/32 flowid :1',
      'filter add dev eth0 ingress protocol ip pref 28270 u32 match ip src 10.0.0.1/32 action mirred egress redirect dev nm-ifb',
    ]);
  });

  it('shares a clsact that is there', () => {
    const before = inspection();
    const clsact = { kind: 'clsact', handle: 'ffff:', dev: 'eth0', parent: 'ffff:fff1' };
    const plan = planShape(rule({ loss: '5' }, 'ingress'), 'eth0', { ...before, qdiscs: [...before.qdiscs, clsact] });
    expect(plan.tc).not.toContain('qdisc add dev eth0 clsact');
  });

  it.each<[EffectWords, string[]]>([
    [{ rate: '10mbit' }, ['tbf']],
    [{ loss: '5' }, ['nft']],
    [{ partition: true }, ['nft']],
    [{ loss: '5', rate: '10mbit' }, ['tbf', 'nft']],
  ])('without netem, %j', (words, by) => {
    for (const direction of ['egress', 'ingress', 'both'] as const) {
      expect(planShape(rule(words, direction), 'eth0', inspection(withoutNetem)).by).toEqual(by);
      expect(planShape(rule(words, direction), 'eth0', inspection()).by).toEqual(['netem']);
    }
  });

  it.each<[EffectWords, KernelFeature[], string]>([
    [{ delay: '5' }, ['netem'], 'cannot do delay 5ms: it lacks sch_netem (Error: Specified qdisc kind is unknown.)'],
    [{ loss: '5', lossCorrelation: '5' }, ['netem'], 'it lacks sch_netem'],
    [{ loss: '5' }, ['netem', 'nftNumgen'], 'it lacks sch_netem'],
    [{ partition: true }, ['htb'], 'it lacks sch_htb'],
  ])('%j on a kernel without %j is refused', (words, lacking, message) => {
    expect(() => planShape(rule(words), 'eth0', inspection(lacking))).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        reason: 'KernelLacksSupport',
        message: expect.stringContaining(message) as string,
        hint: expect.stringContaining('modprobe') as string,
      }),
    );
  });

  it.each(['eth1', 'nm-ifb', '', 'eth0; id'])('interface %j is refused', (device) => {
    const before = inspection();
    const odd = { name: 'eth0; id', index: 9, up: true, mtu: 1500 };
    expect(() =>
      planShape(rule({ delay: '5' }), device, { ...before, interfaces: [...before.interfaces, odd] }),
    ).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

const time = String.raw`\d+(?:us|ms|s)`;
const percent = String.raw`\d{1,3}(?:\.\d{1,8})?%`;
const rate = String.raw`\d+(?:bit|kbit|mbit|gbit)`;
const pair = `${percent} ${percent}`;
const netem = [
  String.raw`netem limit \d+`,
  `(?: delay ${time} ${time} ${percent}(?: distribution (?:normal|pareto|paretonormal))?)?`,
  `(?: loss (?:${pair}|gemodel(?: ${percent}){4}|state(?: ${percent}){5}))?`,
  `(?: duplicate ${pair})?(?: corrupt ${pair})?(?: reorder ${pair}(?: gap \\d+)?)?`,
  `(?: rate ${rate})?(?: slot ${time} ${time}(?: packets \\d+)?(?: bytes \\d+)?)?`,
].join('');
const address = String.raw`[0-9a-f.:]+/\d{1,3}`;
const match = `match (?:ip6? (?:src|dst) ${address}|ip6? protocol \\d+ 0xff|ip6? [sd]port \\d+ 0xffff|u8 0x\\w\\w 0x\\w\\w at \\d+|u16 0x\\w{4} 0x\\w{4} at \\d+|u32 0 0)`;
const tcLines = new RegExp(
  `^(?:${[
    'qdisc add dev (?:eth0|nm-ifb) root handle 6e6d: htb',
    'qdisc add dev eth0 clsact',
    'class add dev (?:eth0|nm-ifb) parent 6e6d: classid 6e6d:1 htb rate 32gbit burst 10mb cburst 10mb quantum 60000',
    `qdisc add dev (?:eth0|nm-ifb) parent 6e6d:1 handle 6e6e: (?:${netem}|tbf rate ${rate} burst \\d+ latency 100ms)`,
    `filter add dev (?:eth0|nm-ifb) parent 6e6d: protocol (?:ip|ipv6) pref 1\\d\\d u32(?: ${match})+ flowid 6e6d:[01]`,
    `filter add dev eth0 ingress protocol (?:ip|ipv6) pref 28[23]\\d\\d u32(?: ${match})+ (?:flowid :1|action mirred egress redirect dev nm-ifb)`,
  ].join('|')})$`,
);

it('any accepted request is valid words of tc, and no line of it breaks', () => {
  fc.assert(
    fc.property(acceptedWords, directions, scopes, (words, direction, scope) => {
      const plan = planShape({ effects: parseEffects(words).effects, direction, scope }, 'eth0', inspection());
      for (const line of [plan.root, ...plan.tc]) expect(line).toMatch(tcLines);
    }),
  );
});

it('any that can be done without netem is valid words of tc and nft', () => {
  const nftLine = /^(?:create table|add (?:counter|chain|rule)|flush chain) netdev netmachinery[\w .:;/"<{}-]*$/;
  fc.assert(
    fc.property(wordsWithoutNetem, directions, scopes, (words, direction, scope) => {
      const asked = { effects: parseEffects(words).effects, direction, scope };
      const plan = planShape(asked, 'eth0', inspection(withoutNetem));
      for (const line of [plan.root, ...plan.tc]) expect(line).toMatch(tcLines);
      for (const line of plan.nft.split('\n').filter((each) => each !== '')) expect(line).toMatch(nftLine);
    }),
  );
});
