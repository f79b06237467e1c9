// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeNeighbours } from '../../../src/connectivity/neighbours.js';
import { targetsOf } from '../../../src/connectivity/targets.js';
import { rosterOf, settingsOf } from './simulated-cluster.js';

describe('nodeNeighbours', () => {
  it('gives each node k destinations and k sources, none of them itself, and changes one entry in k lists', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 14, maxLength: 40 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 10 }), (nodes, k) => {
        const of = nodeNeighbours(nodes, k);
        const lists = nodes.map(of);
        for (const [index, list] of lists.entries()) {
          expect(new Set(list).size).toBe(k);
          expect(list).not.toContain(nodes[index]);
        }
        for (const node of nodes) expect(lists.filter((list) => list.includes(node))).toHaveLength(k);
        const [gone = '', ...rest] = nodes;
        const after = nodeNeighbours(rest, k);
        const changed = rest.filter((node) => after(node).join() !== of(node).join());
        expect(changed.sort()).toEqual(rest.filter((node) => of(node).includes(gone)).sort());
      }),
      { numRuns: 20 },
    );
  });

  it('is everybody else of few, or when asked for all', () => {
    expect(nodeNeighbours(['c', 'a', 'b'], 2)('b')).toEqual(['a', 'c']);
    expect(nodeNeighbours(['d', 'c', 'a', 'b'], 0)('b')).toEqual(['a', 'c', 'd']);
  });
});

describe('targetsOf', () => {
  const shape = { nodes: 2, isDualStack: true, externalName: 'example.com.' };
  const lines = (ips: string[]) => {
    const roster = rosterOf(shape);
    const own = roster.agents[0];
    if (own === undefined) throw new Error('no agent');
    const settings = { ...settingsOf(shape), urls: ['http://198.18.1.30/'] };
    return targetsOf(roster, { ...own, ips }, settings).map(
      ({ kind, via, address, host, url, probes, tls }) =>
        `${kind} ${via ?? ''} ${address ?? host ?? url ?? ''} ${probes.join()}${tls === true ? ' tls' : ''}`,
    );
  };

  it('is everything there is in the families that the agent has', () => {
    expect(lines(['198.18.1.7', '2001:2:0:1::7'])).toMatchInlineSnapshot(`
      [
        "agent  198.19.0.1 icmp,tcp,udp,http,large",
        "agent  2001:2:0:ff00::1 icmp,tcp,udp,http,large",
        "agent  198.19.0.2 icmp,tcp,udp,http,large",
        "agent  2001:2:0:ff00::2 icmp,tcp,udp,http,large",
        "agent  198.18.2.7 icmp,tcp,udp,http,large,mtu",
        "agent  2001:2:0:2::7 icmp,tcp,udp,http,large,mtu",
        "server name netmachinery-check-server.netmachinery-check.svc http tls",
        "server virtual 198.18.255.20 http tls",
        "server endpoint 198.18.1.9 http tls",
        "server endpoint 198.18.2.9 http tls",
        "api name kubernetes.default.svc tcp",
        "api virtual 198.18.255.1 tcp",
        "api endpoint 198.19.0.1 tcp",
        "dns virtual 198.18.255.10 dns",
        "dns endpoint 198.18.1.5 dns",
        "dns endpoint 198.18.2.6 dns",
        "external virtual 198.18.255.10 dns",
        "external endpoint 198.18.1.5 dns",
        "external endpoint 198.18.2.6 dns",
        "url  http://198.18.1.30/ http",
      ]
    `);
    expect(lines(['198.18.1.7']).filter((line) => line.includes('2001:'))).toEqual([]);
  });
});
