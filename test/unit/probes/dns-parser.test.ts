// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dnsParser } from '../../../src/probes/dns-parser.js';
import { dnsRequests } from './recorded/dns-requests.js';
import { damagedLines, garbageLines, parse, recordedLines } from './tcp-recording.js';

const recorded = (name: keyof typeof dnsRequests) =>
  parse(dnsParser(dnsRequests[name]), recordedLines(`dns/${name}.txt`)).outcomes;

describe('dnsParser', () => {
  it('reads what dig printed in the test cluster', () => {
    const outcomes = recorded('answers');
    expect(outcomes.map(({ reason, dns }) => [reason, dns?.rcode, dns?.queries, dns?.queried, dns?.answers])).toEqual([
      ['Resolved', 'NOERROR', 1, 'api.shop.svc.cluster.local.', [expect.stringMatching(/^198\.18\./)]],
      ['Resolved', 'NOERROR', 4, 'outside.example.', ['198.18.100.1']],
      ['Resolved', 'NOERROR', 4, 'outside.example.', ['2001:2:0:1801::1']],
      ['Resolved', 'NOERROR', 1, '1.0.18.198.in-addr.arpa.', ['kubernetes.default.svc.cluster.local.']],
      [
        'Resolved',
        'NOERROR',
        1,
        '_http._tcp.web-headless.shop.svc.cluster.local.',
        Array(4).fill(expect.stringMatching(/^0 \d+ 8080 \S+\.web-headless\.shop\.svc\.cluster\.local\.$/)),
      ],
      ['DnsError', 'NXDOMAIN', 4, 'nosuch.', []],
      ['NoSuchRecord', 'NOERROR', 4, 'only-ipv4.example.', []],
    ]);
    for (const { attempts } of outcomes) {
      expect(attempts).toHaveLength(2);
      for (const { ms } of attempts) expect(ms).toBeGreaterThan(0);
    }
    expect(outcomes[0]?.dns?.ttl).toBeGreaterThan(0);
    expect(outcomes[0]?.dns?.authoritative).toBe(true);
    expect(outcomes[5]?.message).toBe('nosuch.: answered NXDOMAIN (4 names were asked for, the last one was nosuch.)');
  });

  it('tells silence from refusal, over UDP and TCP', () => {
    const failures = recorded('failures');
    expect(failures.map(({ reason }) => reason)).toEqual(['TimedOut', 'Refused', 'Refused']);
    expect(failures[0]).toMatchObject({ dns: { answers: [], queries: 1 }, attempts: [{}, {}] });
    expect(failures[0]?.dns).not.toHaveProperty('rcode');
    expect(recorded('tcp').map(({ reason }) => reason)).toEqual(['Resolved', 'Refused', 'TimedOut']);
  });

  it('judges nothing that is not complete', () => {
    const lines = recordedLines('dns/answers.txt').filter((line) => !line.startsWith('@done 0'));
    const { outcomes } = parse(dnsParser(dnsRequests.answers), lines, -1);
    expect(outcomes[0]).toMatchObject({ reason: 'ConnectionLost', attempts: [] });
    expect(outcomes[1]?.reason).toBe('Resolved');
  });

  it('says what dig said where that is no reply', () => {
    const lines = ['@ask 0 s1 a.', "@dig 0 s1 dig: couldn't get address for 'x': not found", '@done 0', '@end'];
    const { outcomes } = parse(dnsParser(dnsRequests.failures), lines);
    expect(outcomes[0]).toMatchObject({
      reason: 'ToolFailed',
      message: expect.stringContaining('not found') as string,
    });
  });

  it('has one outcome a query, whatever is lost on the way, and never throws', () => {
    for (const name of ['answers', 'failures', 'tcp'] as const) {
      const request = dnsRequests[name];
      fc.assert(
        fc.property(
          fc.oneof(damagedLines(recordedLines(`dns/${name}.txt`)), garbageLines),
          fc.integer(),
          (lines, code) => {
            const { outcomes } = parse(dnsParser(request), lines, code);
            expect(outcomes.map(({ index }) => index)).toEqual(request.queries.map(({ index }) => index));
            for (const { message } of outcomes) expect(message).not.toBe('');
          },
        ),
        { numRuns: 100 },
      );
    }
  });
});
