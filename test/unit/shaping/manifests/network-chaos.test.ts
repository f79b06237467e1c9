// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { chaos, exampleText, read, wrongs } from './manifests.js';

const everything = { peers: [], exclude: [], ports: [], sourcePorts: [], destinationPorts: [] };

describe('the examples', () => {
  const { targets, warnings } = read(exampleText('network-chaos.yaml'));

  test('netem', () => {
    expect(targets[0]).toEqual({
      where: expect.stringMatching(/^f\.yaml:\d+:1: spec$/) as string,
      source: {
        text: expect.stringContaining('pods of shop, depot with app=orders') as string,
        namespaces: ['shop', 'depot'],
        labelSelector: 'app=orders,track in (stable,beta)',
        fieldSelector: 'spec.restartPolicy=Always',
        annotations: [['example.com/owner', 'logistics']],
        phases: ['Running'],
        nodes: ['worker-1'],
        nodeSelector: 'disk=ssd',
      },
      mode: { take: 'percent', percent: 50 },
      rule: {
        effects: {
          delay: { us: 80_000, jitterUs: 8000, correlationPercent: 25 },
          reorder: { percent: 5, correlationPercent: 50, gap: 3 },
          loss: { model: 'random', percent: 2.5, correlationPercent: 10 },
          rateBitsPerSecond: 8e6,
        },
        direction: 'both',
        scope: { ...everything, peers: ['192.0.2.7', '198.51.100.0/24', '2001:db8::7', 'host/rates.example'] },
        peerPods: {
          selection: { text: 'pods of bank with app=ledger', namespaces: ['bank'], labelSelector: 'app=ledger' },
          mode: { take: 'all' },
        },
      },
      interface: 'eth0',
      durationMs: 90_000,
    });
  });

  test('partition', () => {
    expect(targets[1]).toMatchObject({
      source: {
        pods: [
          { namespace: 'bank', name: 'ledger-0' },
          { namespace: 'bank', name: 'ledger-1' },
        ],
      },
      mode: { take: 'count', count: 1 },
      rule: {
        effects: { partition: true },
        direction: 'ingress',
        scope: { peers: ['192.0.2.7'], sourcePorts: [5432], destinationPorts: [] },
      },
    });
  });

  test('bandwidth', () => {
    expect(targets[2]).toMatchObject({
      source: { namespaces: ['bank'], labelSelector: 'app=ledger' },
      mode: { take: 'upToPercent', percent: 40 },
      rule: { effects: { rateBitsPerSecond: 1e6 }, direction: 'egress', scope: everything },
    });
  });

  test('what is taken otherwise than written is told', () => {
    expect(warnings).toEqual([
      expect.stringContaining(': spec.rate.rate: "1mbps" is bytes a second'),
      expect.stringContaining(': spec.bandwidth: limit and buffer are ignored'),
    ]);
  });

  test('JSON, in a list', () => {
    expect(read(exampleText('network-chaos.json')).targets).toMatchObject([
      {
        where: expect.stringMatching(/^f\.yaml:\d+:\d+: items\[0\]\.spec$/) as string,
        rule: { effects: { duplicate: { percent: 10 } } },
        source: { namespaces: ['shop'] },
      },
    ]);
  });
});

describe('taken', () => {
  const loss = { action: 'loss', loss: { loss: '1' } };

  test.each([
    ['one', undefined, { take: 'count', count: 1 }],
    ['all', '', { take: 'all' }],
    ['fixed', '3', { take: 'count', count: 3 }],
    ['fixed-percent', '100', { take: 'percent', percent: 100 }],
    ['random-max-percent', '7', { take: 'upToPercent', percent: 7 }],
  ])('mode %s', (mode, value, expected) => {
    expect(read(chaos({ ...loss, mode, ...(value === undefined ? {} : { value }) })).targets[0]?.mode).toEqual(
      expected,
    );
  });

  test.each([
    ['to', { destinationPorts: [443], sourcePorts: [] }],
    ['from', { destinationPorts: [], sourcePorts: [443] }],
    ['both', { destinationPorts: [443], sourcePorts: [] }],
  ])('ports of external targets, direction %s', (direction, ports) => {
    const externalTargets = ['192.0.2.7:443', '[2001:db8::7]:443', 'rates.example:443'];
    expect(read(chaos({ ...loss, direction, externalTargets })).targets[0]?.rule.scope).toMatchObject({
      peers: ['192.0.2.7', '2001:db8::7', 'host/rates.example'],
      ...ports,
    });
  });

  test('correlation without jitter is ignored aloud, zeros are nothing', () => {
    const { targets, warnings } = read(
      chaos({ action: 'delay', delay: { latency: '1m0.5s', jitter: '0ms', correlation: '100' } }),
    );
    expect(targets[0]?.rule.effects).toEqual({ delay: { us: 60_500_000 } });
    expect(warnings).toEqual([expect.stringContaining('spec.delay.correlation: ignored')]);
  });

  test('without any namespace it is that of the command', () => {
    expect(read(chaos(loss, { name: 'x' })).targets[0]?.source.namespaces).toEqual([]);
  });

  test('commas in fields do not add terms', () => {
    const selector = { fieldSelectors: { 'metadata.name': 'a,b=c' } };
    expect(read(chaos({ ...loss, selector })).targets[0]?.source.fieldSelector).toBe('metadata.name=a\\,b\\=c');
  });
});

describe('refused', () => {
  const loss = { action: 'loss', loss: { loss: '1' } };
  const delay = { action: 'delay', delay: { latency: '10ms' } };
  test.each<[object, string, string]>([
    [{ action: 'losses' }, 'spec.action', 'unknown action'],
    [{ action: 'constructor' }, 'spec.action', 'unknown action'],
    [{ action: 'loss' }, 'spec.loss', 'action loss needs loss'],
    [{ action: 'netem' }, 'spec.action', 'needs delay or loss'],
    [{ ...loss, delay: { latency: '1ms' } }, 'spec.delay', 'no part of action loss'],
    [{ ...loss, mode: 'some' }, 'spec.mode', 'unknown mode'],
    [{ ...loss, mode: 'fixed' }, 'spec.value', 'a number of pods'],
    [{ ...loss, mode: 'fixed-percent', value: '101' }, 'spec.value', 'a percentage from 1 to 100'],
    [{ ...loss, mode: 'fixed', value: 3 }, 'spec.value', 'write it in quotes'],
    [{ ...loss, direction: 'out' }, 'spec.direction', 'unknown direction'],
    [{ ...loss, direction: 'from' }, 'spec.direction', 'need target or externalTargets'],
    [{ ...loss, targetDevice: 'eth1' }, 'spec.targetDevice', 'not at the target'],
    [{ ...loss, remoteCluster: 'west' }, 'spec.remoteCluster', 'another cluster'],
    [{ ...loss, scheduler: { cron: '@daily' } }, 'spec.scheduler', 'a schedule'],
    [{ ...loss, duration: '5' }, 'spec.duration', 'no duration'],
    [{ ...loss, duration: '5ms' }, 'spec.duration', 'at least 1s'],
    [{ ...loss, device: 'eth0; ls' }, 'spec.device', 'name of an interface'],
    [{ ...loss, externalTargets: ['a b'] }, 'spec.externalTargets[0]', 'no external target'],
    [{ ...loss, externalTargets: ['192.0.2.7:99999'] }, 'spec.externalTargets[0]', 'no external target'],
    [{ ...loss, externalTargets: ['192.0.2.0/33'] }, 'spec.externalTargets[0]', 'no external target'],
    [{ ...loss, externalTargets: ['a.example:1', 'b.example'] }, 'spec.externalTargets', 'the same port'],
    [{ ...loss, selecter: {} }, 'spec', 'did you mean selector?'],
    [
      { ...loss, selector: { namespaces: ['!shop'] } },
      'spec.selector.namespaces[0]',
      'can not be the name of a namespace',
    ],
    [{ ...loss, selector: { podPhaseSelectors: ['Up'] } }, 'spec.selector.podPhaseSelectors[0]', 'a phase'],
    [
      { ...loss, selector: { pods: { shop: ['a'] }, labelSelectors: { app: 'b' } } },
      'spec.selector.labelSelectors',
      'ignores it beside pods',
    ],
    [{ ...loss, loss: { loss: '101' } }, 'spec', 'more than 100 %'],
    [{ ...loss, loss: { loss: '1', correllation: '5' } }, 'spec.loss', 'did you mean correlation?'],
    [{ ...delay, delay: { latency: 'soon' } }, 'spec.delay.latency', 'no duration'],
    [
      { action: 'bandwidth', bandwidth: { rate: '1mbit', limit: 1, buffer: 1, peakrate: 5 } },
      'spec.bandwidth.peakrate',
      'a peak rate',
    ],
  ])('%j', (spec, path, why) => {
    const lines = wrongs(() => read(chaos(spec)));
    expect(
      lines.filter((line) => line.startsWith(`f.yaml: ${path}: `) && line.includes(why)).length,
      lines.join('\n'),
    ).toBe(1);
  });

  test('an experiment that is paused', () => {
    const annotations = { 'experiment.chaos-mesh.org/pause': 'true' };
    expect(wrongs(() => read(chaos(loss, { annotations })))[0]).toContain('the experiment is paused');
  });

  test('a selector of Chaos Mesh that is missing', () => {
    expect(wrongs(() => read(chaos({ ...loss, selector: undefined })))[0]).toContain('spec.selector: is needed');
  });
});
