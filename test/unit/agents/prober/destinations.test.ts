// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { destinationsOf } from '../../../../src/agents/prober/destinations.js';
import type { Member } from '../../../../src/agents/prober/peer-list.js';

const own = { namespace: 'a', pod: 'web-0', node: 'node1', mesh: '', ips: ['10.0.0.1', 'fd00::1'] };
const member = (namespace: string, pod: string, ip: string): Member => ({
  key: pod,
  namespace,
  pod,
  node: '',
  ip,
  port: 19191,
});
const pods = (members: Member[], neighbours = 10): string[] =>
  [...destinationsOf(own, members, neighbours).values()].map(({ namespace, pod }) => `${namespace}/${pod}`);

describe('destinationsOf', () => {
  it('leaves the own pod out, but not its namesake elsewhere nor a pod that shares its address', () => {
    const members = [member('a', 'web-0', '10.0.0.1'), member('b', 'web-0', '10.0.0.2'), member('a', 'x', '10.0.0.1')];
    expect(pods(members)).toEqual(['a/x', 'b/web-0']);
  });

  it('leaves the own addresses out where the list does not know the own name', () => {
    expect(pods([member('a', 'alias', 'fd00::1'), member('a', 'web-1', '10.0.0.2')])).toEqual(['a/web-1']);
  });

  it('takes neighbours among many members', () => {
    const members = Array.from({ length: 60 }, (_, index) => member('a', `web-${index}`, `10.0.1.${index}`));
    expect(pods(members, 10)).toHaveLength(10);
    expect(pods(members, 0)).toHaveLength(59);
  });

  it('has another key for a pod that came back with another address', () => {
    const key = (ip: string): string[] => [...destinationsOf(own, [member('a', 'web-1', ip)], 10).keys()];
    expect(key('10.0.0.2')).not.toEqual(key('10.0.0.3'));
  });
});
