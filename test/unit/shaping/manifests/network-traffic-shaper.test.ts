// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { exampleText, podTarget, read, shaper, withoutPosition, wrongs } from './manifests.js';

test('the example', () => {
  const { targets, warnings } = read(exampleText('network-traffic-shaper.yaml'));
  expect(
    targets.map(({ where, source, rule }) => [
      withoutPosition(where),
      source.labelSelector ?? source.text,
      rule.effects,
    ]),
  ).toEqual([
    [
      'f.yaml: spec.targets[0]',
      'app=crane,tier notin (test,canary),!retired',
      { delay: { us: 100_000, jitterUs: 10_000, correlationPercent: 25, distribution: 'normal' } },
    ],
    [
      'f.yaml: spec.targets[1]',
      'harbour/pod/crane-1',
      { loss: { model: 'gemodel', p: 1, r: 10, oneMinusH: 70, oneMinusK: 0.1 } },
    ],
    ['f.yaml: spec.targets[2]', 'harbour/pod/crane-1', { reorder: { percent: 25, correlationPercent: 50, gap: 5 } }],
    ['f.yaml: spec.targets[3]', 'harbour/pod/ferry-0', { rateBitsPerSecond: 1e6 }],
    ['f.yaml: items[0].spec.targets[0]', 'quay/pod/bollard-0', { corrupt: { percent: 0.5 } }],
  ]);
  expect(targets.map((target) => target.interface)).toEqual(['eth0', 'eth0', 'eth0', 'net1', 'eth0']);
  expect(targets.every(({ rule, mode }) => rule.direction === 'egress' && mode.take === 'all')).toBe(true);
  expect(warnings).toEqual([expect.stringContaining('targets[1].container: ignored')]);
});

describe('values in the grammar of netem', () => {
  test.each([
    ['delay', '200ms', { delay: { us: 200_000 } }],
    ['delay', '250', { delay: { us: 250 } }],
    ['delay', '0.2s 100ms', { delay: { us: 200_000, jitterUs: 100_000 } }],
    ['delay', '10msecs 0 25%', { delay: { us: 10_000 } }],
    ['latency', '5ms 1ms distribution uniform', { delay: { us: 5000, jitterUs: 1000 } }],
    ['delay', '50ms loss 1%', { delay: { us: 50_000 }, loss: { model: 'random', percent: 1 } }],
    ['loss', '25%', { loss: { model: 'random', percent: 25 } }],
    ['loss', '5% 25%', { loss: { model: 'random', percent: 5, correlationPercent: 25 } }],
    ['loss', 'random 5', { loss: { model: 'random', percent: 5 } }],
    ['loss', 'gemodel 1%', { loss: { model: 'gemodel', p: 1 } }],
    ['drop', 'state 1% 10%', { loss: { model: 'state', p13: 1, p31: 10 } }],
    ['duplicate', '1% 10%', { duplicate: { percent: 1, correlationPercent: 10 } }],
    ['corrupt', '.5', { corrupt: { percent: 0.5 } }],
    ['rate', '1000000', { rateBitsPerSecond: 1e6 }],
    ['rate', '2Mibit', { rateBitsPerSecond: 2 * 2 ** 20 }],
    ['limit', '200', { limitPackets: 200 }],
    ['slot', '10ms 20ms packets 5 bytes 1000', { slot: { minUs: 10_000, maxUs: 20_000, packets: 5, bytes: 1000 } }],
  ])('%s %s', (type, value, effects) => {
    expect(read(shaper(podTarget(type, value))).targets[0]?.rule.effects).toEqual(effects);
  });

  test('bytes a second are told', () => {
    const { targets, warnings } = read(shaper(podTarget('rate', '1mbps')));
    expect(targets[0]?.rule.effects).toEqual({ rateBitsPerSecond: 8e6 });
    expect(warnings.map(withoutPosition)).toEqual([
      'f.yaml: spec.targets[0].configuration.value: "1mbps" is bytes a second, as tc reads it: 8,000,000 bit/s',
    ]);
  });

  test.each([
    ['delay', 'fast', 'a time is missing'],
    ['delay', '10parsecs', 'no time of tc'],
    ['delay', '1ms 1ms distribution bell', 'no distribution "bell"'],
    ['delay', '1ms; reboot', '"1ms;" is no time'],
    ['loss', '150%', 'loss: more than 100 %'],
    ['loss', '-1%', 'a percentage is missing'],
    ['loss', '5% ecn', 'not marked'],
    ['loss', 'gemodel 1 2 3 4 5', 'has 4 probabilities'],
    ['loss', '1% loss 2%', 'there twice'],
    ['loss', '1% dely 2ms', 'did you mean delay?'],
    ['rate', '1mbit 14', 'overhead'],
    ['rate', '1mb', 'no rate of tc'],
    ['slot', 'distribution normal 1ms 1ms', 'not done'],
    ['limit', '0', 'limit'],
    ['reorder', '25% gap', 'a number of packets is missing'],
    ['dely', '1ms', 'did you mean delay?'],
    ['__proto__', '1ms', 'unknown type'],
    ['loss', '1% toString', 'not understood'],
  ])('%s %s is refused: %s', (type, value, why) => {
    const lines = wrongs(() => read(shaper(podTarget(type, value))));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(why);
    expect(lines[0]).toMatch(/^f\.yaml: spec\.targets\[0\]\.configuration\.(type|value): /);
  });
});

test('everything that is wrong with targets is told at once', () => {
  const lines = wrongs(() =>
    read(
      shaper(
        { kind: 'pods', namespace: 'bank', name: 'x', configuration: { type: 'loss', device: 'eth0', value: '1%' } },
        { kind: 'pod', namespace: 'Bank', configuration: { type: 'loss', device: '-all', value: '1%' } },
        { kind: 'selector', namespace: 'bank', name: 'x', configuration: { type: 'loss', value: 5 } },
        {
          kind: 'selector',
          namespace: 'bank',
          targetSelector: {
            matchLabels: { 'a b': 'c', d: 'e,f!=g' },
            matchExpressions: [
              { key: 'a', operator: 'in', values: ['b'] },
              { key: 'a', operator: 'In' },
              { key: 'a', operator: 'Exists', values: ['b'] },
            ],
          },
          configurations: {},
        },
        'ledger-0',
      ),
    ),
  );
  const starts = [
    '[0].kind: unknown kind "pods"',
    '[1].namespace: "Bank" can not be a namespace',
    '[1].name: is needed',
    '[1].configuration.device: "-all"',
    '[2].name: a target of kind selector has no name',
    '[2].targetSelector: is needed',
    '[2].configuration.value: a text is needed here, not the number 5 (write it in quotes: value: "5")',
    '[2].configuration.device: is needed',
    '[3].targetSelector.matchLabels: "a b" can not be the key of a label',
    '[3].targetSelector.matchLabels.d: "e,f!=g" can not be the value of a label',
    '[3].targetSelector.matchExpressions[0].operator: unknown operator "in"',
    '[3].targetSelector.matchExpressions[1].values: In needs values',
    '[3].targetSelector.matchExpressions[2].values: Exists has no values',
    '[3].configuration: is needed',
    '[3]: unknown field "configurations" (did you mean configuration?)',
    '[4]: an object is needed here, not the text "ledger-0"',
  ];
  for (const start of starts) {
    expect(
      lines.filter((line) => line.startsWith(`f.yaml: spec.targets${start}`)),
      start,
    ).toHaveLength(1);
  }
  expect(lines).toHaveLength(starts.length);
});
