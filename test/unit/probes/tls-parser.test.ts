// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tlsParser } from '../../../src/probes/tls-parser.js';
import type { TlsRequest } from '../../../src/probes/tls.js';
import { damagedLines, garbageLines, parse, recordedLines } from './tcp-recording.js';

const recorded: TlsRequest = {
  destinations: [0, 1, 2, 3, 4, 5, 6].map((index) => ({ index, address: '198.18.244.2', port: 8443 })),
  timeoutMs: 1500,
  leash: false,
};
const one: TlsRequest = { ...recorded, destinations: recorded.destinations.slice(0, 1) };

describe('tlsParser', () => {
  it('reports a completed handshake with its certificate, trusted or not', () => {
    const { events, outcomes } = parse(tlsParser(recorded), recordedLines('tls/bash.txt'));
    const certificate = { subject: 'O=netmachinery, CN=web.shop.svc', issuer: 'O=netmachinery, CN=web.shop.svc' };
    for (const index of [0, 1, 3]) {
      expect(outcomes[index]).toMatchObject({
        ...certificate,
        error: 'certificate not trusted: self-signed certificate',
      });
    }
    expect(outcomes[2]).toMatchObject({ ...certificate, error: 'certificate not trusted: hostname mismatch' });
    for (const index of [0, 1, 2, 3]) expect(outcomes[index]?.handshakeMs).toBeGreaterThan(0.1);
    expect(events).toHaveLength(7);
  });

  it('has the expiry that openssl says', () => {
    const { outcomes } = parse(tlsParser(one), recordedLines('tls/bash.txt'));
    const said = recordedLines('tls/tool-openssl.txt').find((line) => line.includes('NotAfter: ')) ?? '';
    expect(outcomes[0]?.notAfter).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(outcomes[0]?.notAfter ?? '')).toBe(Date.parse(said.replace(/.*NotAfter: /, '')));
  });

  it('says why there was no handshake', () => {
    const { outcomes } = parse(tlsParser(recorded), recordedLines('tls/bash.txt'));
    expect(outcomes.slice(4)).toEqual([
      { index: 4, error: 'no TLS handshake within 1500 ms' },
      { index: 5, error: 'Connection refused' },
      { index: 6, error: 'wrong version number: not a TLS port?' },
    ]);
  });

  it('has no error where the certificate is trusted', () => {
    const [outcome] = parse(tlsParser(one), recordedLines('tls/bash-trusted.txt')).outcomes;
    expect(outcome?.handshakeMs).toBeGreaterThan(0.1);
    expect(outcome).not.toHaveProperty('error');
  });

  it('names a missing tool and an early end', () => {
    expect(parse(tlsParser(one), recordedLines('tls/no-tool.txt'), 127).outcomes[0]?.error).toBe(
      'bash is missing in the tool image',
    );
    expect(parse(tlsParser(one), ['@handshake 0 900'], 143).outcomes[0]?.error).toContain('ended early');
    expect(parse(tlsParser(one), [], -1).outcomes[0]?.error).toContain('lost');
    expect(parse(tlsParser(one), ['@handshake 0 900', '@done 0']).outcomes[0]?.error).toContain('not verified');
  });

  it('never throws and never trusts garbage', () => {
    fc.assert(
      fc.property(garbageLines, fc.integer({ min: -1, max: 255 }), (lines, exitCode) => {
        const { outcomes } = parse(tlsParser(recorded), lines, exitCode);
        expect(outcomes).toHaveLength(7);
        expect(outcomes.every(({ error }) => error !== undefined)).toBe(true);
      }),
    );
  });

  it('never trusts what was not trusted in damaged output', () => {
    fc.assert(
      fc.property(damagedLines(recordedLines('tls/bash.txt')), (lines) => {
        expect(parse(tlsParser(recorded), lines).outcomes.every(({ error }) => error !== undefined)).toBe(true);
      }),
    );
  });
});
