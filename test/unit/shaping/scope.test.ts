// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctNetworks, formatCidr, parseCidr } from '../../../src/shaping/cidr.js';
import { isLimited, selectorsOf, type Scope } from '../../../src/shaping/scope.js';
import { matchOf } from '../../../src/shaping/u32.js';

const everything: Scope = {
  peers: [],
  excluded: [],
  exempt: [],
  ports: [],
  sourcePorts: [],
  destinationPorts: [],
};
const meantOf = (scope: Partial<Scope>, swapped = false) => selectorsOf({ ...everything, ...scope }, swapped).meant;

describe('networks', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3/32'],
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:2:0:0:0:0:0:1', '2001:2::1/128'],
    ['2001:2::1/32', '2001:2::/32'],
    ['::ffff:10.0.0.1', '::ffff:a00:1/128'],
    ['fe80:0:1::', 'fe80:0:1::/128'],
  ])('%s is %s', (text, formatted) => expect(formatCidr(parseCidr(text))).toBe(formatted));

  it.each(['', '10.0.0', '10.0.0.0/33', 'fe80::1%eth0', '10.0.0.0/8/8', 'x/8', '1::/129'])('%j is refused', (text) =>
    expect(() => parseCidr(text)).toThrow(expect.objectContaining({ code: 'usage' })),
  );

  it('are read as they are written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const once = formatCidr(parseCidr(address));
        expect(formatCidr(parseCidr(once))).toBe(once);
      }),
    );
  });

  it('those within others are left out', () => {
    const networks = distinctNetworks([
      '10.1.0.0/16',
      '10.0.0.0/8',
      '10.1.2.3',
      '2001:2::1',
      '2001:2::/32',
      '10.0.0.0/8',
    ]);
    expect(networks.map(formatCidr)).toEqual(['10.0.0.0/8', '2001:2::/32']);
  });
});

describe('scopes', () => {
  it('are limited by what is named, not by what is left out', () => {
    expect(isLimited(everything)).toBe(false);
    expect(isLimited({ ...everything, excluded: ['10.0.0.0/8'], exempt: ['10.0.0.1'] })).toBe(false);
    expect(isLimited({ ...everything, protocol: 'udp' })).toBe(true);
    expect(isLimited({ ...everything, ports: [53] })).toBe(true);
    expect(isLimited({ ...everything, peers: ['10.0.0.1'] })).toBe(true);
  });

  it('a port without a protocol is one of TCP and UDP, of either side', () => {
    expect(
      meantOf({ peers: ['10.0.0.1'], ports: [53] }).map(({ protocol, sourcePort, destinationPort }) => [
        protocol,
        sourcePort,
        destinationPort,
      ]),
    ).toEqual([
      ['tcp', 53, undefined],
      ['tcp', undefined, 53],
      ['udp', 53, undefined],
      ['udp', undefined, 53],
    ]);
  });

  it('answers have the ports the other way round', () => {
    const scope = { peers: ['10.0.0.1'], protocol: 'tcp' as const, sourcePorts: [5432], destinationPorts: [1000] };
    expect(meantOf(scope)).toMatchObject([{ sourcePort: 5432, destinationPort: 1000 }]);
    expect(meantOf(scope, true)).toMatchObject([{ sourcePort: 1000, destinationPort: 5432 }]);
  });

  it.each<Partial<Scope>>([
    { protocol: 'icmp', ports: [1] },
    { ports: [1], sourcePorts: [2], destinationPorts: [3] },
    { peers: Array.from({ length: 1100 }, (_, index) => `10.1.${index >> 8}.${index & 255}`), ports: [1] },
  ])('what no packet can be, or no kernel should ask, is refused', (scope) => {
    expect(() => meantOf(scope)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('are told by comparisons of the header', () => {
    const [selector] = meantOf({ peers: ['10.0.0.0/8'], protocol: 'tcp', destinationPorts: [80] });
    if (selector === undefined) throw new Error('nothing is meant');
    expect(matchOf(selector, 'destination')).toEqual({
      words:
        'match ip dst 10.0.0.0/8 match ip protocol 6 0xff match u8 0x05 0x0f at 0 match u16 0x0000 0x1fff at 6 match ip dport 80 0xffff',
      keys: [
        { value: 0x05000000, mask: 0x0f000000, at: 0 },
        { value: 0, mask: 0x1fff, at: 4 },
        { value: 0x60000, mask: 0xff0000, at: 8 },
        { value: 0x0a000000, mask: 0xff000000, at: 16 },
        { value: 80, mask: 0xffff, at: 20 },
      ],
    });
  });
});
