// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { dnsCommand, type DnsQuery } from '../../../src/probes/dns.js';
import { httpCommand } from '../../../src/probes/http.js';
import type { RemoteCommand } from '../../../src/probes/probe.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[-a-z0-9./:[\]$`;&|<>(){}'"\\ %_*?~#!=,@+\n\r\0]{0,24}$/),
  fc.constantFrom('-f', '@file', '.', '', 'g', 'c url = "http://x"', '\n.\n', '\n\n', 'a"\nurl = "b', '\\"\\'),
);

function built(build: () => RemoteCommand): RemoteCommand | undefined {
  try {
    return build();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Failure);
    expect(['usage', 'bug']).toContain((thrown as Failure).code);
    return undefined;
  }
}

describe('what a script reads', () => {
  it('of DNS is addresses, numbers and names, a line a query', () => {
    const query = fc.record({
      index: fc.nat(),
      name: text,
      type: fc.constantFrom('A' as const, 'SRV' as const),
      names: fc.array(
        fc.oneof(
          text,
          fc.domain().map((name) => `${name}.`),
        ),
        { maxLength: 3 },
      ),
      ownFirst: fc.boolean(),
      server: fc.oneof({ weight: 3, arbitrary: fc.ipV4() }, fc.ipV6(), text),
      port: fc.integer({ min: 1, max: 70_000 }),
    });
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(query, { minLength: 1, maxLength: 2 }), (queries: DnsQuery[]) => {
        const request = { queries, attempts: 1, timeoutMs: 1000, tcp: false, expect: {}, leash: true };
        const command = built(() => dnsCommand(request));
        if (command === undefined) return;
        accepted += 1;
        const lines = command.input?.split('\n').filter((line) => line !== '') ?? [];
        expect(lines.pop()).toBe('.');
        expect(lines).toHaveLength(queries.length);
        for (const line of lines) {
          expect(line).toMatch(/^\d+ [0-9a-fA-F.:]+ \d{1,5} (A|SRV)( [A-Za-z0-9_*][A-Za-z0-9_*.-]*\.)+$/);
        }
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(10);
  });

  it('of HTTP is a configuration of curl with every text quoted, and none of it is in the arguments', () => {
    let accepted = 0;
    const token = fc.oneof({ weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,9}$/) }, text);
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), token, text, fc.uint8Array(), (url, name, value, bytes) => {
        const command = built(() =>
          httpCommand({
            tests: [{ index: 0, url, connectTo: { address: '2001:2::1', port: 80 } }],
            message: { headers: [[name, `secret ${value}`]], body: Buffer.from(bytes) },
            attempts: 1,
            connectTimeoutMs: 1000,
            timeoutMs: 1000,
            http2: false,
            insecure: false,
            redirects: 2,
            useProxy: false,
            expect: {},
            leash: true,
          }),
        );
        if (command === undefined) return;
        accepted += 1;
        expect(command.argv.slice(4)).toEqual(['yes', expect.stringMatching(/^\d+$/), '0']);
        expect(command.argv.join('\n')).not.toContain('secret');
        const lines = command.input?.split('\n') ?? [];
        expect(lines.slice(-4)).toEqual(['g', '', '.', '']);
        for (const line of lines.slice(0, -4)) {
          expect(line).toMatch(/^(t 0 1|b [A-Za-z0-9+/]+=*|c [a-z0-9.-]+( = ([0-9.]+|"([^"\\]|\\["\\])*"))?)$/);
        }
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(10);
  });
});
