// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { dnsName, dnsQuestion, dnsRcode, dnsType, reverseName } from '../../../src/probes/dns-names.js';
import { sameAnswer } from '../../../src/probes/dns-reply.js';

describe('what is asked for', () => {
  it('is a name, or an address in reverse', () => {
    expect(dnsQuestion('api.shop', 'AAAA')).toEqual({ name: 'api.shop', type: 'AAAA', asked: 'api.shop' });
    expect(dnsQuestion('198.18.0.1', 'A')).toEqual({
      name: '198.18.0.1',
      type: 'PTR',
      asked: '1.0.18.198.in-addr.arpa.',
    });
    // The example of RFC 3596 section 2.5.
    expect(reverseName('4321:0:1:2:3:4:567:89ab')).toBe(
      'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa.',
    );
  });

  it('has 32 digits of any IPv6 address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(reverseName(address)).toMatch(/^([0-9a-f]\.){32}ip6\.arpa\.$/);
      }),
    );
  });

  it('is no object of the cluster and no option', () => {
    expect(() => dnsName('svc/api')).toThrow(/names, not for objects|not a domain name/);
    for (const word of ['-x', '@198.18.0.1', '+short', 'a..b', '', 'a b', `${'a'.repeat(64)}.b`, '$(id)', 'a;b']) {
      expect(() => dnsName(word), word).toThrow(Failure);
    }
    expect(['_http._tcp.web', 'api.shop.', 'münchen.example'].map(dnsName)).toEqual([
      '_http._tcp.web',
      'api.shop.',
      'xn--mnchen-3ya.example',
    ]);
  });

  it('is one of the types and response codes that there are', () => {
    expect([dnsType('srv'), dnsRcode('nxdomain')]).toEqual(['SRV', 'NXDOMAIN']);
    expect(() => dnsType('TXT')).toThrow('unknown record type "TXT"');
    expect(() => dnsRcode('3')).toThrow('unknown response code "3"');
  });
});

describe('answers', () => {
  it('are the same however they are written', () => {
    expect(sameAnswer('2001:2:0:0::1')).toBe(sameAnswer('2001:0002::1'));
    expect(sameAnswer('API.shop.')).toBe(sameAnswer('api.shop'));
    expect(sameAnswer('198.18.0.1')).not.toBe(sameAnswer('198.18.0.11'));
  });
});
