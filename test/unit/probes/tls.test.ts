// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { tlsCommand } from '../../../src/probes/tls.js';

const command = (destination: { address?: string; serverName?: string }) =>
  tlsCommand({ destinations: [{ index: 0, address: '198.18.0.1', port: 443, ...destination }], leash: false });

describe('tlsCommand', () => {
  it('asks for a name only where there is one', () => {
    expect(command({}).argv.slice(5)).toEqual(['3500', 'no', '0', '198.18.0.1', '443', '-']);
    expect(command({ address: '2001:2::1', serverName: 'web.shop.svc.' }).argv.slice(7)).toEqual([
      '0',
      '[2001:2::1]',
      '443',
      'web.shop.svc',
    ]);
  });

  it.each(['-cert', 'a b', '', '$(id)'])('refuses the name %j', (serverName) => {
    expect(() => command({ serverName })).toThrow(/not a host name/);
  });

  it('refuses what is no address', () => {
    expect(() => command({ address: 'web' })).toThrow(/not an IP address/);
  });
});
