// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolverConfiguration, searchPath } from '../../../src/probes/resolver-configuration.js';

const ofAPod = `search shop.svc.cluster.local svc.cluster.local cluster.local
nameserver 198.18.0.10
options ndots:5
`;

describe('a resolv.conf', () => {
  it('is read as resolv.conf(5) says', () => {
    expect(resolverConfiguration(ofAPod)).toEqual({
      nameservers: ['198.18.0.10'],
      search: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      ndots: 5,
    });
    const odd = [
      '; a comment',
      '# another',
      'domain one.example',
      'search two.example. three.example # the last one counts',
      'nameserver 198.18.0.1',
      'nameserver not-an-address',
      'nameserver 2001:2::1',
      'nameserver 198.18.0.2',
      'nameserver 198.18.0.3',
      'options timeout:1 ndots:99',
      'options rotate',
    ];
    expect(resolverConfiguration(odd.join('\n'))).toEqual({
      nameservers: ['198.18.0.1', '2001:2::1', '198.18.0.2'],
      search: ['two.example', 'three.example'],
      ndots: 15,
    });
    expect(resolverConfiguration('')).toEqual({ nameservers: ['127.0.0.1'], search: [], ndots: 1 });
  });

  it('never makes the reader throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void resolverConfiguration(text)));
  });
});

describe('the names that are asked for', () => {
  const configuration = resolverConfiguration(ofAPod);

  it('have the search domains first where there are fewer dots than ndots', () => {
    expect(searchPath('api.shop', configuration)).toEqual({
      names: [
        'api.shop.shop.svc.cluster.local.',
        'api.shop.svc.cluster.local.',
        'api.shop.cluster.local.',
        'api.shop.',
      ],
      ownFirst: false,
    });
  });

  it('begin with the name itself where there are enough', () => {
    expect(searchPath('a.b.c.d.e.f', configuration)).toMatchObject({
      names: ['a.b.c.d.e.f.', 'a.b.c.d.e.f.shop.svc.cluster.local.', expect.any(String), expect.any(String)],
      ownFirst: true,
    });
    expect(searchPath('api', { ...configuration, ndots: 0 }).names[0]).toBe('api.');
  });

  it('are the name alone where it is absolute', () => {
    expect(searchPath('api.shop.', configuration)).toEqual({ names: ['api.shop.'], ownFirst: true });
  });

  it('hold the root of the search list once, and nothing that is too long', () => {
    expect(searchPath('api', { nameservers: [], search: ['', 'x'], ndots: 1 }).names).toEqual(['api.', 'api.x.']);
    const long = Array.from({ length: 5 }, () => 'a'.repeat(48)).join('.');
    expect(searchPath(long, configuration).names).toEqual([`${long}.`]);
  });
});
