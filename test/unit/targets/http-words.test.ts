// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseDnsServer } from '../../../src/targets/dns-server-words.js';
import { httpUrl, parseHttpDestination, serviceOfHost } from '../../../src/targets/http-words.js';

describe('a destination of http', () => {
  it('is a URL, whose host is resolved in the pod', () => {
    expect(parseHttpDestination('http://api.shop/x?y#z')).toEqual({
      text: 'http://api.shop/x?y#z',
      target: { kind: 'host', host: 'api.shop' },
      ports: [80],
      protocol: 'tcp',
    });
    expect(httpUrl('http://api.shop/x?y#z')?.href).toBe('http://api.shop/x?y');
    expect(parseHttpDestination('HTTPS://[2001:2::1]/')).toMatchObject({
      target: { kind: 'ip', address: '2001:2::1', family: 6 },
      ports: [443],
    });
    expect(parseHttpDestination('http://198.18.0.1:8080')).toMatchObject({ target: { kind: 'ip' }, ports: [8080] });
  });

  it('is what connect takes', () => {
    expect(parseHttpDestination('bank/svc/db:80')).toMatchObject({ target: { kind: 'service' }, ports: [80] });
    expect(httpUrl('svc/api:80')).toBeUndefined();
  });

  it.each([
    ['http://user:secret@api/', 'user or password'],
    ['http:///x', 'not a URL'],
    ['http://a b/', 'not a URL'],
    ['http://api:0/', 'port 0'],
    ['ftp://api/', 'unknown scheme'],
    ['://api/', 'unknown scheme'],
    ['udp://pod/x:80', 'goes over TCP'],
    ['pod/x', 'has no port'],
  ])('is not %s', (word, message) => {
    expect(() => parseHttpDestination(word)).toThrow(message);
    try {
      parseHttpDestination(word);
    } catch (thrown) {
      expect(String(thrown)).not.toContain('secret');
    }
  });
});

it('says how a URL is written, and not how connect has it', () => {
  expect(() => parseHttpDestination('ftp://api/')).toThrow(
    expect.objectContaining({ hint: 'write http://NAME/PATH or https://NAME/PATH' }),
  );
});

describe('the Service of a host name', () => {
  it.each([
    ['api', { namespace: 'shop', name: 'api' }],
    ['api.bank', { namespace: 'bank', name: 'api' }],
    ['api.bank.svc', { namespace: 'bank', name: 'api' }],
    ['api.bank.svc.cluster.local.', { namespace: 'bank', name: 'api' }],
    ['www.example.com', undefined],
    ['web-0.api.bank.svc.cluster.local', undefined],
  ])('%s', (host, expected) => {
    expect(serviceOfHost(host, 'shop')).toEqual(expected);
  });
});

describe('a DNS server as a word', () => {
  it('has port 53 unless it says otherwise', () => {
    expect(parseDnsServer('198.18.0.10', 'udp')).toMatchObject({
      target: { kind: 'ip' },
      ports: [53],
      protocol: 'udp',
    });
    expect(parseDnsServer('2001:2::1', 'tcp')).toMatchObject({ ports: [53], protocol: 'tcp' });
    expect(parseDnsServer('[2001:2::1]:5353', 'udp').ports).toEqual([5353]);
    expect(parseDnsServer('kube-system/svc/kube-dns', 'udp')).toMatchObject({
      target: { kind: 'service' },
      ports: [53],
    });
    expect(parseDnsServer('pod/x:dns', 'udp').ports).toEqual(['dns']);
    expect(() => parseDnsServer('198.18.0.10:x:y', 'udp')).toThrow();
  });
});
