// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { udpParser } from '../../../src/probes/udp-parser.js';
import type { UdpRequest } from '../../../src/probes/udp.js';
import { damagedLines, garbageLines, parse, recordedLines } from './tcp-recording.js';

const payload = Buffer.of(0x00, 0x0a, 0x25, 0x5c, 0x0a, 0xff);
const ipv4 = { family: 4, address: '198.18.244.2', payload } as const;
const ipv6 = { family: 6, address: '2001:2:244::2', payload } as const;
const recorded: UdpRequest = {
  destinations: [
    { index: 0, ...ipv4, port: 9000 },
    { index: 1, ...ipv4, port: 9001 },
    { index: 2, ...ipv4, port: 9002 },
    { index: 3, ...ipv4, port: 9003 },
    { index: 4, ...ipv4, address: '198.18.244.99', port: 9000 },
    { index: 5, ...ipv4, address: '198.19.244.1', port: 9000 },
    { index: 6, ...ipv6, port: 9000 },
    { index: 7, ...ipv6, port: 9001 },
    { index: 8, ...ipv6, port: 9003 },
    { index: 9, ...ipv4, port: 9004 },
    { index: 10, ...ipv4, port: 53 },
    { index: 11, family: 6, host: 'no-such-name.invalid', port: 9000, payload },
  ],
  attempts: 3,
  timeoutMs: 1500,
  leash: false,
};
const reasons = [
  'Answered',
  'Refused',
  'Silent',
  'Prohibited',
  'Silent',
  'NetworkUnreachable',
  'Answered',
  'Refused',
  'Prohibited',
  'Answered',
  'Answered',
  'NameNotFound',
];
const one: UdpRequest = { destinations: [{ index: 0, ...ipv4, port: 9000 }], leash: false };

describe('udpParser', () => {
  it('tells all causes apart', () => {
    const { events, outcomes } = parse(udpParser(recorded), recordedLines('udp/bash.txt'));
    expect(outcomes.map(({ reason }) => reason)).toEqual(reasons);
    expect(outcomes[2]?.attempts).toEqual([{ reason: 'Silent' }, { reason: 'Silent' }, { reason: 'Silent' }]);
    expect(outcomes[2]?.message).toBe('no answer to 3 datagrams within 1500 ms');
    expect(outcomes[1]?.message).toBe('refused (ICMP port unreachable)');
    expect(events.filter(({ kind }) => kind === 'attempt')).toHaveLength(
      outcomes.reduce((sum, { attempts }) => sum + attempts.length, 0),
    );
  });

  it('gets back every byte that was sent as one datagram', () => {
    const { outcomes } = parse(udpParser(recorded), recordedLines('udp/bash.txt'));
    for (const index of [0, 6, 9]) expect(outcomes[index]?.answer).toEqual(payload);
  });

  it('keeps the silence before an answer', () => {
    const outcome = parse(udpParser(recorded), recordedLines('udp/bash.txt')).outcomes[9];
    expect(outcome?.attempts.map(({ reason }) => reason)).toEqual(['Silent', 'Answered']);
    expect(outcome?.message).toMatch(/^answered to datagram 2$/);
  });

  it('reads the answer of a DNS server', () => {
    const outcome = parse(udpParser(recorded), recordedLines('udp/bash.txt')).outcomes[10];
    expect(outcome?.dns).toEqual({ rcode: 3, status: 'NXDOMAIN', answers: 0, truncated: false });
    expect(outcome?.message).toMatch(/^answered \(NXDOMAIN, 0 answers\)$/);
  });

  it('names a missing tool', () => {
    expect(parse(udpParser(one), recordedLines('udp/no-tool.txt'), 127).outcomes[0]).toMatchObject({
      reason: 'ToolMissing',
      message: 'bash is missing in the tool image',
    });
  });

  it('takes silence only from a script that waited to the end', () => {
    const lines = ['@attempt 0 1 - silent'];
    expect(parse(udpParser(one), lines, 143).outcomes[0]?.reason).toBe('ToolFailed');
    expect(parse(udpParser(one), lines, -1).outcomes[0]?.reason).toBe('ConnectionLost');
    expect(parse(udpParser(one), recordedLines('udp/bash-leash.txt'), 143).outcomes[0]?.reason).toBe('ToolFailed');
    expect(parse(udpParser(one), [...lines, '@done 0'], -1).outcomes[0]?.reason).toBe('Silent');
  });

  it('never throws and never finds an answer in garbage', () => {
    fc.assert(
      fc.property(garbageLines, fc.integer({ min: -1, max: 255 }), (lines, exitCode) => {
        const parser = udpParser(recorded);
        for (const garbage of lines) parser.stderr(garbage);
        const { outcomes } = parse(parser, lines, exitCode);
        expect(outcomes).toHaveLength(recorded.destinations.length);
        expect(outcomes.some(({ reason }) => reason === 'Answered')).toBe(false);
      }),
    );
  });

  it('never finds an answer that was not there in damaged output', () => {
    fc.assert(
      fc.property(damagedLines(recordedLines('udp/bash.txt')), (lines) => {
        for (const { index, reason } of parse(udpParser(recorded), lines).outcomes) {
          if (reason === 'Answered') expect(reasons[index]).toBe('Answered');
        }
      }),
    );
  });
});
