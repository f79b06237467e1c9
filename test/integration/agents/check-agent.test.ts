// SPDX-License-Identifier: Apache-2.0
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AgentReport } from '../../../src/model/check.js';
import { CheckWorld } from './check-world.js';

const world = new CheckWorld();
beforeAll(() => world.start());
afterAll(() => world.stop());
afterEach(() => world.heal());

const ms = expect.any(Number) as number;
const valuesOf = (report: AgentReport): unknown[] => report.outcomes.map(({ values }) => values);
const twice = (values: object): object[] => [values, values];

describe('a round of an agent', () => {
  it('measures all probes of both families, and tells where it runs', async () => {
    const report = await world.round(['icmp', 'tcp', 'udp', 'http', 'large', 'mtu']);
    expect(valuesOf(report)).toEqual(twice({ icmp: ms, tcp: ms, udp: ms, http: ms, large: ms, mtu: ms }));
    expect(report.outcomes.map(({ mtuBytes }) => mtuBytes)).toEqual([1500, 1500]);
    expect(report.agent).toMatchObject({ node: 'a', pod: 'agent-a', ips: world.addresses.a });
    expect(report.interfaces).toEqual([
      expect.objectContaining({ name: 'eth0', mtu: 1500, addresses: ['198.18.191.2/24', 'fd00:191::2/64'] }),
    ]);
  });

  it('tells who was heard, so that directions can be told apart', async () => {
    // What a sends arrives, and no answer comes back.
    world.rule('b', 'output', 'ip daddr 198.18.191.2 drop');
    const report = await world.round(['tcp', 'udp', 'icmp']);
    expect(valuesOf(report)).toEqual([
      { icmp: 'timeout', tcp: 'timeout', udp: 'timeout' },
      { icmp: ms, tcp: ms, udp: ms },
    ]);
    world.heal();
    const { heard } = await world.roundOf(
      { settings: { intervalMs: 15_000, neighbours: 0, payloadEntries: 0, urls: [] }, targets: [] },
      'b',
    );
    const ofA = heard?.find(({ address }) => address === world.addresses.a[0]);
    expect(ofA?.udp).toBeGreaterThanOrEqual(3);
    expect(heard?.map(({ address }) => address)).toContain(world.addresses.a[1]);
  });

  it('tells what refuses from what is silent and what is not reached', async () => {
    expect(valuesOf(await world.round(['tcp', 'udp', 'http'], { port: 9 }))).toEqual(
      twice({ tcp: 'refused', udp: 'refused', http: 'refused' }),
    );
    world.rule('b', 'input', 'meta l4proto { tcp, udp, icmp } drop');
    world.rule('b', 'input', 'icmpv6 type echo-request drop');
    expect(valuesOf(await world.round(['icmp', 'tcp', 'udp', 'http', 'mtu']))).toEqual(
      twice({ icmp: 'timeout', tcp: 'timeout', udp: 'timeout', http: 'timeout', mtu: 'timeout' }),
    );
    world.ip('a', 'route', 'add', 'unreachable', world.addresses.b[0]);
    world.ip('a', '-6', 'route', 'add', 'unreachable', world.addresses.b[1]);
    const report = await world.round(['icmp', 'tcp', 'udp', 'http', 'mtu']);
    world.ip('a', 'route', 'delete', 'unreachable', world.addresses.b[0]);
    world.ip('a', '-6', 'route', 'delete', 'unreachable', world.addresses.b[1]);
    expect(valuesOf(report)).toEqual(
      twice({ icmp: 'unreachable', tcp: 'unreachable', udp: 'unreachable', http: 'unreachable', mtu: 'unreachable' }),
    );
  });

  it('takes one lost datagram of each for none', async () => {
    for (const protocol of ['icmp type echo-request', `udp dport ${world.port}`])
      world.rule('b', 'input', `meta nfproto ipv4 ${protocol} limit rate over 1/day burst 1 packets accept`);
    for (const protocol of ['icmp type echo-request', `udp dport ${world.port}`])
      world.rule('b', 'input', `meta nfproto ipv4 ${protocol} drop`);
    const [first] = (await world.round(['icmp', 'udp'])).outcomes;
    expect(first?.values).toEqual({ icmp: ms, udp: ms });
    expect(first?.values.udp).toBeLessThan(900);
  });

  it('finds a smaller MTU on the way, and one that nobody tells of', async () => {
    world.ip('r', 'link', 'set', 'tob', 'mtu', '1400');
    expect(valuesOf(await world.round(['icmp', 'large', 'mtu']))).toEqual(
      twice({ icmp: ms, large: ms, mtu: 'tooBig' }),
    );
    world.heal();
    world.ip('r', 'link', 'set', 'tob', 'mtu', '1400');
    world.rule('r', 'output', 'icmp type destination-unreachable drop');
    world.rule('r', 'output', 'icmpv6 type packet-too-big drop');
    expect(valuesOf(await world.round(['icmp', 'large', 'mtu']))).toEqual(
      twice({ icmp: ms, large: 'timeout', mtu: 'timeout' }),
    );
  });

  it('answers its last report and who was heard to nobody else', () => {
    const [address] = world.addresses.b;
    const status = (path: string, host: string): string =>
      world.in('b', 'curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', `http://${host}:${world.port}${path}`);
    expect(status('/heard?sinceMs=1000', '127.0.0.1')).toBe('200');
    expect(status('/report', '127.0.0.1')).toBe('503');
    for (const path of ['/heard?sinceMs=1000', '/report']) expect(status(path, address)).toBe('404');
    expect(status('/readyz', address)).toBe('200');
  });
});
