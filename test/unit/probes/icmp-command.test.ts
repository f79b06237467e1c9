// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { icmpCommand, type IcmpRequest } from '../../../src/probes/icmp.js';
import { destinationWord } from '../../../src/probes/probe.js';

const destinations: IcmpRequest['destinations'] = [
  { index: 0, address: '198.18.0.7', family: 4 },
  { index: 1, host: 'api.shop.svc', family: 6 },
];

describe('icmpCommand', () => {
  it('passes everything as arguments of a fixed script', () => {
    const { argv } = icmpCommand({ destinations });
    expect(argv.slice(0, 2)).toEqual(['sh', '-c']);
    expect(argv.slice(3)).toEqual(
      'netmachinery-ping no 23 5 200 3500 - - no - 0 4 address 198.18.0.7 1 6 host api.shop.svc'.split(' '),
    );
    expect(icmpCommand({ destinations: [] }).argv[2]).toBe(argv[2]);
  });

  it('passes every option', () => {
    const { argv } = icmpCommand({
      destinations: destinations.slice(0, 1),
      count: 3,
      intervalMs: 50,
      sizeBytes: 1400,
      ttl: 2,
      dontFragment: true,
      deadlineMs: 1000,
      replyTimeoutMs: 900,
      leash: true,
    });
    expect(argv.slice(4)).toEqual('yes 6 3 50 900 1400 2 yes 1000 0 4 address 198.18.0.7'.split(' '));
  });

  it('stays short enough for the URL of an exec, and holds no comment', () => {
    const script = icmpCommand({ destinations }).argv[2] ?? '';
    expect(new URLSearchParams({ command: script }).toString().length).toBeLessThan(15_000);
    expect(script).not.toMatch(/^\s*#/m);
  });

  it.each([
    { count: 0 },
    { count: 65_536 },
    { count: 1.5 },
    { intervalMs: 9 },
    { sizeBytes: 65_508 },
    { ttl: 256 },
    { ttl: 0 },
    { deadlineMs: 0 },
    { replyTimeoutMs: Number.NaN },
  ])('refuses %o', (wrong) => {
    expect(() => icmpCommand({ destinations, ...wrong })).toThrow(Failure);
  });

  it('bounds the remote time above what the tools take', () => {
    const many = Array.from({ length: 130 }, (_, index) => ({ index, address: '198.18.0.7', family: 4 as const }));
    const { limitMs, argv } = icmpCommand({ destinations: many, count: 2 });
    expect(argv[5]).toBe(String(limitMs / 1000));
    expect(limitMs).toBeGreaterThan(3 * (200 + 3500));
  });
});

describe('destinationWord', () => {
  it.each([
    { index: 0, address: '-c', family: 4 as const },
    { index: 0, address: '198.18.0.7', family: 6 as const },
    { index: 0, address: '2001:2::1', family: 4 as const },
    { index: 0, address: 'fe80::1%-x y', family: 6 as const },
    { index: 0, host: '-f/etc/passwd', family: 4 as const },
    { index: 0, host: 'a b', family: 4 as const },
    { index: 0, host: 'a;reboot', family: 4 as const },
    { index: 0, host: '$(reboot)', family: 4 as const },
    { index: 0, host: 'a\n@done', family: 4 as const },
    { index: 0, host: '', family: 4 as const },
    { index: 0, family: 4 as const },
    { index: 0, host: 'a', address: '198.18.0.7', family: 4 as const },
  ])('refuses %o', (destination) => {
    expect(() => destinationWord(destination)).toThrow(Failure);
  });

  it('writes international names as IDNA does', () => {
    expect(destinationWord({ index: 0, host: 'bücher.example', family: 4 })).toBe('xn--bcher-kva.example');
    expect(destinationWord({ index: 0, host: '_sip._udp.example.', family: 4 })).toBe('_sip._udp.example.');
  });

  it('gives only words that no shell and no tool can misread', () => {
    const harmless = /^[A-Za-z0-9_:.][A-Za-z0-9_:.%-]*$/;
    const word = fc.oneof(fc.string(), fc.domain(), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(
        word,
        fc.constantFrom('address', 'host'),
        fc.constantFrom(4 as const, 6 as const),
        (text, kind, family) => {
          let given: string;
          try {
            given = destinationWord({ index: 0, [kind]: text, family });
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(Failure);
            return;
          }
          expect(given).toMatch(harmless);
          if (kind === 'address') expect(isIP(given)).toBe(family);
        },
      ),
    );
  });
});
