// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { dnsQuery } from '../../../src/probes/dns-query.js';
import { defaultUdpPayload, udpCommand } from '../../../src/probes/udp.js';

const command = (payload: Buffer) =>
  udpCommand({ destinations: [{ index: 3, family: 4, address: '198.18.0.1', port: 9, payload }], leash: false });

describe('udpCommand', () => {
  it('writes every byte of the payload as an escape', () => {
    const { argv } = command(Buffer.of(0x00, 0x0a, 0x25, 0x5c, 0xff));
    expect(argv.slice(5)).toEqual(['3500', '3', 'no', '3', '4', '198.18.0.1', '-', '9', '\\x00\\x0a\\x25\\x5c\\xff']);
  });

  it('refuses no payload, and one that would be fragmented', () => {
    expect(() => command(Buffer.alloc(0))).toThrow(/1 to 1472 bytes/);
    expect(() => command(Buffer.alloc(1473))).toThrow(/1 to 1472 bytes/);
    expect(command(Buffer.alloc(1472)).argv).toHaveLength(14);
  });
});

describe('defaultUdpPayload', () => {
  it('is a DNS query for port 53 and the token for any other', () => {
    expect(defaultUdpPayload(53, 'netmachinery-1')).toEqual(dnsQuery());
    expect(defaultUdpPayload(5353, 'netmachinery-1').toString()).toBe('netmachinery-1');
  });
});
