// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mtuParser, type MtuRequest } from '../../../src/probes/mtu.js';
import { mtuOutcomes, parse, recordings } from './path-recording.js';

const one: MtuRequest = { destinations: [{ index: 0, address: '198.18.202.2', family: 4 }] };
const printed = (stdout: string) => parse(mtuParser(one), { stdout, stderr: '', exitCode: 0 })[0];

describe('the path MTU', () => {
  it('is what the interface takes', () => {
    const [ipv4, ipv6] = mtuOutcomes('interface');
    expect([ipv4?.reason, ipv6?.reason]).toEqual(['PathMtuFound', 'PathMtuFound']);
    const mtu = { pathMtu: 1500, interface: 'veth0', interfaceMtu: 1500, limitedBy: 'interface' };
    expect([ipv4?.mtu, ipv6?.mtu]).toEqual([mtu, mtu]);
    expect(ipv4?.attempts).toBe(2);
  });

  it('is at most what an IP packet can be, where the interface takes more', () => {
    expect(mtuOutcomes('interface')[2]?.mtu).toEqual({ pathMtu: 65_535, interface: 'lo', interfaceMtu: 65_536 });
  });

  it('is what a router says', () => {
    expect(mtuOutcomes('router').map(({ reason, mtu, from }) => [reason, mtu?.pathMtu, mtu?.limitedBy, from])).toEqual([
      ['PathMtuFound', 1300, 'router', '198.18.201.2'],
      ['PathMtuFound', 1300, 'router', '2001:2:0:c9::2'],
    ]);
    expect(mtuOutcomes('router')[0]?.mtu).toMatchObject({ router: '198.18.201.2', smallestLost: 1500 });
  });

  it('is what a router said before, which the kernel remembers and refuses itself', () => {
    for (const { reason, mtu, message, from } of mtuOutcomes('router-remembered')) {
      expect([reason, mtu?.pathMtu, mtu?.limitedBy, mtu?.interfaceMtu]).toEqual(['PathMtuFound', 1300, 'router', 1500]);
      expect(message).toMatch(/remembers it for another \d+ s$/);
      expect(mtu).not.toHaveProperty('router');
      expect(from).toBeUndefined();
    }
  });

  it("is what the source's own route says", () => {
    const [outcome] = mtuOutcomes('route');
    expect(outcome?.mtu).toMatchObject({ pathMtu: 1400, interfaceMtu: 1500, limitedBy: 'interface' });
    expect(outcome?.message).toContain("the source's route");
  });

  it('is a black hole where longer packets vanish', () => {
    const [ipv4, ipv6, router] = mtuOutcomes('black-hole');
    for (const outcome of [ipv4, ipv6, router]) {
      expect(outcome?.reason).toBe('BlackHole');
      expect(outcome?.mtu).toMatchObject({ pathMtu: 1300, smallestLost: 1301, limitedBy: 'silence' });
      expect(outcome?.message).toContain('1300 bytes are answered, 1301 and more vanish');
    }
  });

  it('is no black hole where packets are lost by chance', () => {
    expect(mtuOutcomes('loss')[0]).toMatchObject({ reason: 'PathMtuFound', mtu: { pathMtu: 1500 } });
  });

  it('goes beyond the interface only as far as it takes', () => {
    expect(mtuOutcomes('largest').map(({ mtu }) => [mtu?.pathMtu, mtu?.smallestLost, mtu?.limitedBy])).toEqual([
      [1500, 9000, 'interface'],
      [1500, 9000, 'interface'],
    ]);
  });

  it('is said to be no more than what was tried', () => {
    const outcomes = mtuOutcomes('smaller');
    expect(outcomes.map(({ reason, mtu }) => [reason, mtu?.pathMtu])).toEqual([
      ['PathMtuFound', 1000],
      ['PathMtuFound', 1000],
    ]);
    for (const { mtu, message } of outcomes) {
      expect(mtu).not.toHaveProperty('limitedBy');
      expect(message).toContain('the largest that was tried');
    }
  });

  it('is found where ip(8) is missing', () => {
    expect(mtuOutcomes('no-ip').map(({ mtu }) => mtu)).toEqual([
      { pathMtu: 1500, smallestLost: 65_535, limitedBy: 'interface' },
      { pathMtu: 1300, smallestLost: 1500, limitedBy: 'router', router: '198.18.201.2' },
    ]);
  });

  it('of a name is that of its address', () => {
    expect(mtuOutcomes('names').map(({ address, reason }) => [address, reason])).toEqual([
      ['198.18.202.2', 'PathMtuFound'],
      ['2001:2:0:ca::2', 'PathMtuFound'],
      [undefined, 'NameNotFound'],
    ]);
  });
});

describe('without a path MTU', () => {
  it('the reasons are those of ping', () => {
    const outcomes = mtuOutcomes('unanswered');
    expect(outcomes.map(({ reason, from }) => [reason, from])).toEqual([
      ['NoReply', undefined],
      ['NoReply', undefined],
      ['HostUnreachable', '198.18.201.2'],
      ['HostUnreachable', '198.18.201.2'],
      ['HostUnreachable', undefined],
      ['Prohibited', '198.18.201.2'],
    ]);
    expect(outcomes[0]).toMatchObject({ sent: 20, message: 'no reply to 20 echo requests of 84 bytes' });
    for (const outcome of outcomes) expect(outcome).not.toHaveProperty('mtu');
  });

  it.each([
    ['busybox', 'ToolMissing', /only busybox ping/],
    ['no-tools', 'ToolMissing', /no ping of iputils/],
    ['refused', 'PingNotPermitted', /ping_group_range/],
  ])('%s: %s', (name, reason, message) => {
    const [outcome] = mtuOutcomes(name);
    expect(outcome?.reason).toBe(reason);
    expect(outcome?.message).toMatch(message);
  });

  it('a search that was cut off found nothing', () => {
    // The last markers of the last destination and of the whole are missing.
    const outcomes = mtuOutcomes('interface', 2);
    expect(outcomes.filter(({ reason }) => reason === 'ToolFailed')).toHaveLength(1);
    expect(outcomes.find(({ reason }) => reason === 'ToolFailed')?.message).toContain('cut off');
  });
});

describe('what looks like a black hole', () => {
  const answered = (size: number) =>
    `@ping 0 ${size} ${size - 20} bytes from 198.18.202.2: icmp_seq=1 ttl=62 time=0.1 ms\n@ended 0 ${size} 0\n`;
  const lost = (size: number) =>
    `@ping 0 ${size} 5 packets transmitted, 0 received, 100% packet loss, time 814ms\n@ended 0 ${size} 1\n`;
  const end = '@searched 0\n@done\n';

  it('is none where short packets are not answered any more either', () => {
    const outcome = printed(`@tool iputils\n${answered(84)}${lost(1500)}${lost(85)}${lost(85)}${lost(84)}${end}`);
    expect(outcome?.reason).toBe('PacketLoss');
    expect(outcome).not.toHaveProperty('mtu');
  });

  it('is none where the lost size was answered when it was repeated', () => {
    const repeated = `${answered(84)}${lost(1500)}${lost(1400)}${answered(1399)}${answered(1400)}${answered(1500)}`;
    expect(printed(`@tool iputils\n${repeated}${end}`)).toMatchObject({
      reason: 'PathMtuFound',
      mtu: { pathMtu: 1500 },
    });
  });

  it('is none where somebody refuses longer packets in words', () => {
    const refused = '@ping 0 1500 From 198.18.201.2 icmp_seq=1 Packet filtered\n@ended 0 1500 1\n';
    expect(printed(`@tool iputils\n${answered(1499)}${refused}${end}`)).toMatchObject({
      reason: 'Prohibited',
      from: '198.18.201.2',
      mtu: { pathMtu: 1499, limitedBy: 'router', router: '198.18.201.2' },
    });
  });
});

it('every recording gives one outcome a destination, in their order', () => {
  for (const name of recordings('mtu')) {
    const outcomes = mtuOutcomes(name);
    expect(outcomes.map(({ index }) => index)).toEqual(outcomes.map((_, at) => at));
    for (const { message } of outcomes) expect(message).not.toBe('');
  }
});

it('no lines make the parser throw, and what it finds is never more than what was answered', () => {
  const size = fc.constantFrom('84', '1500', '65535', '0', '99999', '-1', '');
  const text = fc.oneof(
    fc.constantFrom(
      '64 bytes from 198.18.202.2: icmp_seq=1 ttl=62 time=0.1 ms',
      'From 198.18.201.2 icmp_seq=1 Frag needed and DF set (mtu = 1300)',
      'ping: local error: message too long, mtu=1400',
      '5 packets transmitted, 0 received, 100% packet loss, time 814ms',
    ),
    fc.string(),
  );
  const line = fc.oneof(
    fc.tuple(size, text).map(([bytes, said]) => `@ping 0 ${bytes} ${said}`),
    fc.tuple(size, fc.constantFrom('0', '1', '2', 'x')).map(([bytes, code]) => `@ended 0 ${bytes} ${code}`),
    fc.constantFrom(
      '@searched 0',
      '@tool iputils',
      '@done',
      '@missing',
      '@route 0 x dev eth0 ',
      '@link 0 1: x mtu 1500 ',
    ),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.integer(), (lines, exitCode) => {
      const [outcome] = parse(mtuParser(one), { stdout: `${lines.join('\n')}\n`, stderr: '', exitCode });
      const { pathMtu, smallestLost = Infinity } = outcome?.mtu ?? {};
      if (pathMtu !== undefined) expect(pathMtu).toBeLessThan(smallestLost);
      if (outcome?.reason === 'PathMtuFound' || outcome?.reason === 'BlackHole') {
        expect(lines).toContain('@searched 0');
        expect(lines.some((each) => each.startsWith(`@ping 0 ${pathMtu ?? 0} 64 bytes from`))).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});
