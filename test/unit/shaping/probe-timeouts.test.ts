// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Container, ContainerProbe, Pod } from '../../../src/kube/objects.js';
import type { Direction, Effects } from '../../../src/model/shaping.js';
import { probesAtRisk } from '../../../src/shaping/probe-timeouts.js';

const tcp: ContainerProbe = { tcpSocket: { port: 80 } };
const http: ContainerProbe = { httpGet: { port: 80 } };
const https: ContainerProbe = { httpGet: { port: 'web', scheme: 'HTTPS' } };
const grpc: ContainerProbe = { grpc: { port: 80 } };

function podOf(container: Partial<Container>, more: Partial<Pod['spec']> = {}, status: Pod['status'] = {}): Pod {
  return { metadata: { name: 'p' }, spec: { containers: [{ name: 'web', ...container }], ...more }, status };
}

/** Whether a liveness probe is at risk for five minutes. */
function isAtRisk(probe: ContainerProbe, effects: Effects, direction: Direction = 'egress', minutes = 5): boolean {
  return probesAtRisk(podOf({ livenessProbe: probe }), { effects, direction }, minutes * 60_000).length > 0;
}

const delay = (ms: number, jitterMs = 0): Effects => ({ delay: { us: ms * 1000, jitterUs: jitterMs * 1000 } });
const loss = (percent: number): Effects => ({ loss: { model: 'random', percent } });

describe('a delay is paid by every packet that it sees', () => {
  test.each<[string, ContainerProbe, Direction, number]>([
    ['tcpSocket: SYN-ACK', tcp, 'egress', 1000],
    ['tcpSocket: SYN', tcp, 'ingress', 1000],
    ['tcpSocket: both', tcp, 'both', 500],
    ['httpGet: SYN-ACK and answer', http, 'egress', 500],
    ['httpGet: both ways', http, 'both', 250],
    ['https has one exchange more', https, 'egress', 1000 / 3],
    ['grpc waits for settings', grpc, 'both', 1000 / 6],
    ['a longer timeout', { ...http, timeoutSeconds: 5 }, 'both', 1250],
  ])('%s', (_, probe, direction, limitMs) => {
    expect(isAtRisk(probe, delay(limitMs * 1.05), direction)).toBe(true);
    expect(isAtRisk(probe, delay(limitMs * 0.95), direction)).toBe(false);
  });

  test('jitter', () => {
    expect(isAtRisk(http, delay(450), 'egress')).toBe(false);
    expect(isAtRisk(http, delay(450, 200), 'egress')).toBe(true);
    expect(isAtRisk(http, delay(450, 10), 'egress')).toBe(false);
  });

  test('slots', () => {
    expect(isAtRisk(tcp, { slot: { minUs: 100, maxUs: 1_500_000 } })).toBe(true);
  });
});

test('a rate is paid by every byte', () => {
  expect(isAtRisk(tcp, { rateBitsPerSecond: 500 })).toBe(true);
  expect(isAtRisk(https, { rateBitsPerSecond: 30_000 })).toBe(true);
  expect(isAtRisk(http, { rateBitsPerSecond: 30_000 })).toBe(false);
  expect(isAtRisk(https, { rateBitsPerSecond: 1e6 }, 'both')).toBe(false);
});

describe('losses', () => {
  test('a lost SYN comes again after a second, too late for a timeout of one', () => {
    expect(isAtRisk(tcp, loss(5))).toBe(false);
    expect(isAtRisk(tcp, loss(20))).toBe(true);
    expect(isAtRisk({ ...tcp, timeoutSeconds: 4 }, loss(20))).toBe(false);
  });

  test('a lost answer comes again within the timeout', () => {
    expect(isAtRisk({ ...http, timeoutSeconds: 2, failureThreshold: 1 }, loss(1), 'ingress', 1)).toBe(false);
    expect(isAtRisk({ ...http, failureThreshold: 1 }, loss(1), 'ingress', 1)).toBe(true);
  });

  test('more failures in a row are less likely, more attempts make them likelier', () => {
    expect(isAtRisk({ ...tcp, failureThreshold: 10 }, loss(20))).toBe(false);
    expect(isAtRisk(tcp, loss(10), 'egress', 2)).toBe(false);
    expect(isAtRisk(tcp, loss(10), 'egress', 60)).toBe(true);
  });

  test('a partition', () => {
    expect(isAtRisk({ ...grpc, timeoutSeconds: 60 }, { partition: true }, 'ingress')).toBe(true);
  });

  test('nothing fails often enough in a short time', () => {
    expect(isAtRisk(tcp, { partition: true }, 'both', 0.3)).toBe(false);
    expect(isAtRisk({ ...tcp, periodSeconds: 5 }, { partition: true }, 'both', 0.3)).toBe(true);
  });
});

describe('which probes', () => {
  const partition = { effects: { partition: true }, direction: 'both' } as const;
  const lines = (pod: Pod) => probesAtRisk(pod, partition, 300_000);

  test('all that use the network, with what follows', () => {
    const pod = podOf(
      { livenessProbe: http, readinessProbe: { ...grpc, failureThreshold: 1 }, startupProbe: tcp },
      {
        initContainers: [
          { name: 'proxy', restartPolicy: 'Always', readinessProbe: tcp },
          { name: 'once', livenessProbe: tcp },
        ],
      },
    );
    expect(lines(pod)).toEqual([
      'readiness probe of container proxy (tcpSocket, timeout 1s, every 10s) would fail 3 times in a row, as nothing gets through: the pod leaves its Services',
      'liveness probe of container web (httpGet, timeout 1s, every 10s) would fail 3 times in a row, as nothing gets through: the container is restarted',
      'readiness probe of container web (grpc, timeout 1s, every 10s) would fail once, as nothing gets through: the pod leaves its Services',
      'startup probe of container web (tcpSocket, timeout 1s, every 10s) would fail 3 times in a row, as nothing gets through: the container is restarted',
    ]);
  });

  test.each<[string, Pod]>([
    ['exec', podOf({ livenessProbe: {} })],
    ['none', podOf({})],
    [
      'a startup probe that has succeeded',
      podOf({ startupProbe: tcp }, {}, { containerStatuses: [{ name: 'web', started: true }] }),
    ],
    ["the node's network", podOf({ livenessProbe: tcp }, { hostNetwork: true })],
    ['another host', podOf({ livenessProbe: { httpGet: { port: 80, host: '192.0.2.1' } } })],
  ])('not: %s', (_, pod) => {
    expect(lines(pod)).toEqual([]);
  });

  test("the pod's own address as host", () => {
    const probe = { httpGet: { port: 80, host: '192.0.2.1' } };
    expect(lines(podOf({ livenessProbe: probe }, {}, { podIPs: [{ ip: '192.0.2.1' }] }))).toHaveLength(1);
  });
});

test('the reasons', () => {
  const line = (effects: Effects) =>
    probesAtRisk(podOf({ livenessProbe: http }), { effects, direction: 'both' }, 300_000).join();
  expect(line(delay(500))).toContain('would fail 3 times in a row, as its answer takes 2000ms:');
  expect(line(loss(20))).toMatch(/with a probability of (\d+%|more than 99%):/);
});

test('more of an effect never makes a probe safer', () => {
  const probe = fc.constantFrom(tcp, http, https, grpc);
  const direction = fc.constantFrom<Direction>('egress', 'ingress', 'both');
  fc.assert(
    fc.property(
      probe,
      direction,
      fc.nat(3000),
      fc.nat(3000),
      fc.nat(100),
      fc.nat(100),
      (kind, way, ms, moreMs, percent, more) => {
        const least = { ...delay(ms), ...loss(Math.min(percent, more)) };
        const most = { ...delay(ms + moreMs), ...loss(Math.max(percent, more)) };
        if (isAtRisk(kind, least, way)) expect(isAtRisk(kind, most, way)).toBe(true);
      },
    ),
  );
});
