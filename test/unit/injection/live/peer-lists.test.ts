// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { joinTexts } from '../../../../src/injection/join-texts.js';
import { endpointsOf, memberOf, meshOf } from '../../../../src/injection/live/members.js';
import { peerListMap } from '../../../../src/injection/live/peer-list-map.js';
import { injectWorkload } from '../../../../src/injection/inject.js';
import type { Pod } from '../../../../src/kube/objects.js';
import { readPeerList } from '../../../../src/agents/prober/peer-list.js';
import { options } from '../templates.js';

const bare: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-0', namespace: 'shop' },
  spec: { nodeName: 'node1', containers: [{ name: 'main' }] },
  status: { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
};
const pod = injectWorkload(bare, { ...options, pingPort: 7000 }) as Pod;
const member = { namespace: 'shop', pod: 'web-0', node: 'node1', ip: '10.0.0.1', port: 7000 };

describe('memberOf', () => {
  it('is a pod with our sidecar that is ready', () => {
    expect(memberOf(pod)).toEqual(member);
    expect(meshOf(pod)).toBe('mesh');
    expect(memberOf(bare)).toBeUndefined();
    expect(meshOf(bare)).toBeUndefined();
  });

  it.each([
    ['not ready', { ...pod, status: { ...pod.status, conditions: [{ type: 'Ready', status: 'False' }] } }],
    ['without an address', { ...pod, status: { conditions: pod.status?.conditions ?? [] } }],
    ['going', { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }],
  ])('is none that is %s', (_what, other) => {
    expect(memberOf(other)).toBeUndefined();
  });
});

describe('endpointsOf', () => {
  it('names pods, and their namespaces where names collide, as probers read it', () => {
    const other = { ...member, namespace: 'bank', ip: '10.0.0.2' };
    const endpointsMap = endpointsOf([member, other, { ...member, pod: 'web-1', ip: '10.0.0.3' }]);
    expect(Object.keys(endpointsMap)).toEqual(['bank/web-0', 'shop/web-0', 'web-1']);
    const { members, periodMs } = readPeerList(JSON.stringify({ endpointsMap, pollingPeriod: 1e9 }), 'x');
    expect(periodMs).toBe(1000);
    expect(members.map(({ namespace, pod: name, ip, port }) => [namespace, name, ip, port])).toEqual([
      ['bank', 'web-0', '10.0.0.2', 7000],
      ['shop', 'web-0', '10.0.0.1', 7000],
      ['shop', 'web-1', '10.0.0.3', 7000],
    ]);
  });
});

describe('peerListMap', () => {
  const textOf = (map: ReturnType<typeof peerListMap>): unknown =>
    JSON.parse(Buffer.from(map.binaryData?.['config.json'] ?? '', 'base64').toString());

  it('begins empty with a period of a second', () => {
    const map = peerListMap('mesh', 'shop', { keeper: 'controller' }, undefined);
    expect(textOf(map)).toEqual({ endpointsMap: {}, pollingPeriod: 1e9 });
    expect(map.metadata).toMatchObject({ name: 'mesh', namespace: 'shop' });
    expect(map.metadata.labels).toEqual({
      'app.kubernetes.io/managed-by': 'netmachinery',
      'netmachinery.io/peer-list': 'controller',
    });
    expect(map.metadata.resourceVersion).toBeUndefined();
  });

  it('keeps what it is not told', () => {
    const first = peerListMap(
      'mesh',
      'shop',
      { keeper: 'static', periodMs: 250, endpoints: endpointsOf([member]) },
      undefined,
    );
    const current = { ...first, metadata: { ...first.metadata, resourceVersion: '7' } };
    const kept = peerListMap('mesh', 'shop', { keeper: 'controller' }, current);
    expect(textOf(kept)).toEqual({ endpointsMap: endpointsOf([member]), pollingPeriod: 25e7 });
    expect(kept.metadata.resourceVersion).toBe('7');
    expect(textOf(peerListMap('mesh', 'shop', { keeper: 'static', periodMs: 500 }, current))).toMatchObject({
      pollingPeriod: 5e8,
    });
  });

  it('writes anew what cannot be read', () => {
    const broken = { metadata: { name: 'mesh' }, binaryData: { 'config.json': 'e30x' } };
    expect(textOf(peerListMap('mesh', 'shop', { keeper: 'static' }, broken))).toMatchObject({ endpointsMap: {} });
  });
});

describe('joinTexts', () => {
  it('leaves one as it is and separates several', () => {
    expect(joinTexts(['a: 1'])).toBe('a: 1');
    expect(joinTexts([])).toBe('');
    expect(joinTexts(['a: 1', '---\nb: 2\n', '\uFEFFc: 3\n'])).toBe('a: 1\n---\nb: 2\n---\nc: 3\n');
  });
});
