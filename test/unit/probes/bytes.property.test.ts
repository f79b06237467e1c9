// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { icmpParser } from '../../../src/probes/icmp.js';
import type { ProbeParser } from '../../../src/probes/probe.js';
import { dnsParser } from '../../../src/probes/dns-parser.js';
import { httpParser } from '../../../src/probes/http-parser.js';
import { tcpParser } from '../../../src/probes/tcp-parser.js';
import { tlsParser } from '../../../src/probes/tls-parser.js';
import { udpCaptureParser } from '../../../src/probes/udp-capture.js';
import { udpCountersParser } from '../../../src/probes/udp-counters.js';
import { udpParser } from '../../../src/probes/udp-parser.js';
import { mtuParser } from '../../../src/probes/mtu.js';
import { traceParser } from '../../../src/probes/trace.js';
import { executeProbe } from '../../../src/runs/execute-probe.js';
import { judge, reached } from '../../../src/runs/verdict.js';
import type { Reason } from '../../../src/model/reason.js';

/** Nobody else has this index and this address; what is printed of others says nothing of it. */
const own = { index: 7, family: 4 as const, address: '198.18.0.9', port: 80 };
const leash = true;

const dnsRequest = {
  queries: [{ index: 7, name: 'a', type: 'A' as const, names: ['a.'], ownFirst: true, server: '198.18.0.9', port: 53 }],
  attempts: 1,
  timeoutMs: 1000,
  tcp: false,
  expect: {},
  leash,
};
const httpRequest = {
  tests: [{ index: 7, url: 'http://198.18.0.9/' }],
  message: { headers: [] },
  attempts: 1,
  connectTimeoutMs: 1000,
  timeoutMs: 1000,
  http2: false,
  insecure: false,
  redirects: 0,
  useProxy: false,
  expect: {},
  leash,
};

/** Results, as the tools and our scripts write them, of destinations that nobody asked for. */
const ofOthers = fc.constantFrom(
  '198.18.0.8 : [0], 64 bytes, 0.046 ms (0.046 avg, 0% loss)',
  '198.18.0.8 : 0.05 0.04 0.03 0.05 0.04',
  '@ping 8 64 bytes from 198.18.0.8: icmp_seq=1 ttl=64 time=0.04 ms',
  '@ping 8 5 packets transmitted, 5 received, 0% packet loss, time 4ms',
  '@attempt 8 1 100 connected',
  '@attempt 0 1 100 connected',
  '@attempt 07 1 100 connected',
  '@attempt 7.0 1 100 connected',
  '@attempt 7 0 100 connected',
  '@attempt 7 4 100 connected',
  '@attempt 7 1e0 100 connected',
  '@seen another-token',
  '@handshake 8 1000',
  '@ping 8 84 64 bytes from 198.18.0.8: icmp_seq=1 ttl=64 time=0.04 ms',
  '@ended 8 84 0',
  '@searched 7',
  '@trace 8 1  1:  198.18.0.8   0.060ms reached',
  '@trace 7 1  1:  198.18.0.8   0.060ms reached',
  '@tool fping',
  '@dig 8 s1 ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1',
  '@dig 8 s1 ;; Query time: 412 usec',
  '@fact 8 1 code 200',
  '@fact 8 1 exit 0',
  '@done 8',
  '@done',
);
const line = fc.oneof(
  { weight: 2, arbitrary: ofOthers.map((text) => Buffer.from(`${text}\n`)) },
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc.constant(Buffer.alloc(40_000, 'x')),
  fc.constantFrom(Buffer.from('\n'), Buffer.from('\r\n'), Buffer.from('\0\n'), Buffer.from([0xff, 0xfe, 0x0a])),
);
const chunks = fc.array(fc.record({ bytes: line, isError: fc.boolean() }), { maxLength: 20 });
const exitCode = fc.oneof(fc.constantFrom(0, 1, 2, 126, 127, 137, -1), fc.integer());

async function outcomesOf<Event, Outcome>(
  parser: ProbeParser<Event, Outcome>,
  output: { bytes: Buffer; isError: boolean }[],
  code: number,
): Promise<Outcome[]> {
  const command = { argv: ['true'], limitMs: 1000 };
  return executeProbe(
    (_command, { onStdout, onStderr }) => {
      for (const { bytes, isError } of output) (isError ? onStderr : onStdout)(bytes);
      return Promise.resolve(code);
    },
    command,
    parser,
  );
}

const judged: [name: string, parser: () => ProbeParser<unknown, { index: number; reason: Reason; message: string }>][] =
  [
    ['ping', () => icmpParser({ destinations: [own], count: 5, leash })],
    ['TCP', () => tcpParser({ destinations: [own], leash })],
    ['DNS', () => dnsParser(dnsRequest)],
    ['HTTP', () => httpParser(httpRequest)],
    ['mtu', () => mtuParser({ destinations: [own], leash })],
    ['trace', () => traceParser({ destinations: [own], method: 'tracepath', count: 3, maxHops: 30, leash })],
    ['trace by mtr', () => traceParser({ destinations: [own], method: 'icmp', count: 3, maxHops: 30, leash })],
    ['UDP', () => udpParser({ destinations: [{ ...own, payload: Buffer.from('x') }], leash })],
  ];

describe('whatever bytes a command prints, in whatever pieces,', () => {
  it.each(judged)('%s has one outcome, which is never that it was reached', async (_name, parser) => {
    await fc.assert(
      fc.asyncProperty(chunks, exitCode, async (output, code) => {
        const outcomes = await outcomesOf(parser(), output, code);
        expect(outcomes.map(({ index }) => index)).toEqual([own.index]);
        for (const { reason, message } of outcomes) {
          expect(reached(reason), `${reason}: ${message}`).toBe(false);
          expect(judge({ reason, message }, 'allow', { maxLossPercent: 0 }).verdict).not.toBe('pass');
          expect(message).not.toBe('');
          expect(message.length).toBeLessThan(500);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('TLS has one outcome, which is never a handshake', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, exitCode, async (output, code) => {
        const outcomes = await outcomesOf(tlsParser({ destinations: [own], leash }), output, code);
        expect(outcomes).toHaveLength(1);
        expect(outcomes[0]).not.toHaveProperty('handshakeMs');
        expect(outcomes[0]?.error).toBeTruthy();
        expect(outcomes[0]?.error?.length).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });

  it('a capture has seen nothing, and counters are numbers or nothing', async () => {
    const request = { expected: [{ port: 53, token: 'netmachinery-token' }], seconds: 5, leash };
    await fc.assert(
      fc.asyncProperty(chunks, exitCode, async (output, code) => {
        const captured = await outcomesOf(udpCaptureParser(request), output, code);
        expect(captured).toEqual([{ port: 53, token: 'netmachinery-token', seen: false }]);
        const [counters] = await outcomesOf(udpCountersParser(), output, code);
        for (const value of Object.values(counters ?? {})) expect(Number.isSafeInteger(value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
