// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { tcpCommand, type TcpDestination } from '../../../src/probes/tcp.js';

const command = (destination: Partial<TcpDestination>) =>
  tcpCommand({ destinations: [{ index: 0, family: 4, port: 80, ...destination }], leash: false });

describe('tcpCommand', () => {
  it('passes everything as arguments of a fixed script', () => {
    const { argv, limitMs } = tcpCommand({
      destinations: [
        { index: 0, family: 4, address: '198.18.0.1', port: 80 },
        { index: 7, family: 6, host: 'web.example', port: 443 },
      ],
      attempts: 2,
      connectTimeoutMs: 1000,
      leash: true,
    });
    expect(argv.slice(0, 2)).toEqual(['sh', '-c']);
    expect(argv[3]).toBe('netmachinery-connect');
    expect(argv.slice(5, 8)).toEqual(['1000', '2', 'yes']);
    expect(argv.slice(8)).toEqual(['0', '4', '198.18.0.1', '-', '80', '7', '6', '-', 'web.example', '443']);
    expect(limitMs).toBeGreaterThanOrEqual(1500);
  });

  it('has the defaults of three attempts and 3.5 s', () => {
    expect(command({ address: '198.18.0.1' }).argv.slice(5, 8)).toEqual(['3500', '3', 'no']);
  });

  it.each(['-x', '$(id)', 'a b', 'x;y', '', '`id`', 'a/b', '-'])('refuses the host name %j', (host) => {
    expect(() => command({ host })).toThrow(/not a host name/);
  });

  it.each(['198.18.0', '2001:2::1', '$(id)', '-1', ''])('refuses the IPv4 address %j', (address) => {
    expect(() => command({ address })).toThrow(/not an IPv4 address/);
  });

  it.each([0, 65_536, 1.5, Number.NaN])('refuses the port %d', (port) => {
    expect(() => command({ address: '198.18.0.1', port })).toThrow(/port/);
  });

  it('refuses a destination with neither or both of address and host', () => {
    expect(() => command({})).toThrow(/either/);
    expect(() => command({ address: '198.18.0.1', host: 'web' })).toThrow(/either/);
  });
});
