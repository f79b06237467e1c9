// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Direction } from '../../../src/model/shaping.js';
import { measuringMethod } from '../../../src/shaping/measuring-method.js';
import { scopeSelects } from '../../../src/shaping/scope-selects.js';
import type { Scope } from '../../../src/shaping/scope.js';

const everything: Scope = { peers: [], excluded: [], exempt: [], ports: [], sourcePorts: [], destinationPorts: [] };

describe('measuringMethod', () => {
  const echo = { probe: 'echo' };
  const unmeasured = (part: string) => ({ unmeasured: expect.stringContaining(part) as string });
  it.each<[string, Partial<Scope>, Direction, object]>([
    ['everything', {}, 'both', echo],
    ['one peer', { peers: ['198.18.0.1/32'] }, 'egress', echo],
    ['ICMP', { protocol: 'icmp' }, 'egress', echo],
    ['TCP', { protocol: 'tcp' }, 'ingress', { probe: 'connect' }],
    ['UDP', { protocol: 'udp', ports: [53] }, 'egress', unmeasured('only UDP')],
    ['a port', { ports: [443, 80] }, 'egress', { probe: 'connect', port: 443 }],
    ['the port of what is sent', { destinationPorts: [5432] }, 'egress', { probe: 'connect', port: 5432 }],
    ['the port of answers', { sourcePorts: [5432] }, 'ingress', { probe: 'connect', port: 5432 }],
    ['both ways', { destinationPorts: [5432] }, 'both', { probe: 'connect', port: 5432 }],
    ["the pod's own port", { sourcePorts: [8080] }, 'egress', unmeasured('own port 8080')],
    ["the pod's own port, coming in", { destinationPorts: [8080] }, 'ingress', unmeasured('own port 8080')],
    ['two lists', { ports: [80, 81], destinationPorts: [79, 81] }, 'egress', { probe: 'connect', port: 81 }],
    ['two lists without a common port', { ports: [80], destinationPorts: [81] }, 'egress', unmeasured('no packet')],
  ])('%s', (_, scope, direction, expected) => {
    expect(measuringMethod({ ...everything, ...scope }, direction)).toEqual(expected);
  });
});

describe('scopeSelects', () => {
  it.each<[string, Partial<Scope>, string, boolean]>([
    ['everything', {}, '198.18.0.1', true],
    ['a peer', { peers: ['198.18.0.0/24'] }, '198.18.0.1', true],
    ['no peer', { peers: ['198.18.0.0/24'] }, '198.18.1.1', false],
    ['a peer of the other family', { peers: ['2001:2::/48'] }, '198.18.0.1', false],
    ['an IPv6 peer', { peers: ['2001:2::/48'] }, '2001:2::5', true],
    ['a bare address', { peers: ['2001:2::5'] }, '2001:2:0::5', true],
    ['an excluded one', { excluded: ['198.18.0.1/32'] }, '198.18.0.1', false],
    ["the node's own", { peers: ['198.18.0.0/24'], exempt: ['198.18.0.1/32'] }, '198.18.0.1', false],
  ])('%s', (_, scope, address, expected) => {
    expect(scopeSelects({ ...everything, ...scope })(address)).toBe(expected);
  });
});
