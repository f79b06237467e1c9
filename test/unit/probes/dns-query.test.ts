// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dnsQuery, readDnsReply } from '../../../src/probes/dns-query.js';

describe('dnsQuery', () => {
  it('is one question of RFC 1035', () => {
    expect(dnsQuery('a.bc').toString('hex')).toBe(
      ['6e6d', '0100', '0001', '0000', '0000', '0000', '01', '61', '02', '6263', '00', '0001', '0001'].join(''),
    );
    expect(dnsQuery('a.bc.', 'AAAA').subarray(-4).toString('hex')).toBe('001c0001');
  });

  it('asks for what every cluster has', () => {
    expect(dnsQuery().toString('latin1')).toContain('\nkubernetes\x07default\x03svc\x07cluster\x05local\0');
  });

  it.each(['', '.', 'a..b', `${'a'.repeat(64)}.b`, Array(130).fill('a').join('.'), 'a b', 'ä.b'])(
    'refuses %j',
    (name) => {
      expect(() => dnsQuery(name)).toThrow(/not a domain name/);
    },
  );
});

describe('readDnsReply', () => {
  const reply = (flags: number, answers: number): Buffer => {
    const datagram = dnsQuery();
    datagram.writeUInt16BE(flags, 2);
    datagram.writeUInt16BE(answers, 6);
    return datagram;
  };

  it('reads the code and the number of answers', () => {
    expect(readDnsReply(reply(0x8580, 1))).toEqual({ rcode: 0, status: 'NOERROR', answers: 1, truncated: false });
    expect(readDnsReply(reply(0x8783, 0))).toEqual({ rcode: 3, status: 'NXDOMAIN', answers: 0, truncated: true });
    expect(readDnsReply(reply(0x800b, 0))?.status).toBe('RCODE11');
  });

  it('takes neither a query nor the reply to another one', () => {
    expect(readDnsReply(dnsQuery())).toBeUndefined();
    const other = reply(0x8580, 1);
    other.writeUInt16BE(1, 0);
    expect(readDnsReply(other)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (datagram) => void readDnsReply(datagram)));
  });
});
