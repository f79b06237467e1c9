// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { udpCaptureCommand, udpCaptureParser, type UdpCaptureRequest } from '../../../src/probes/udp-capture.js';
import { garbageLines, parse, recordedLines } from './tcp-recording.js';

const request: UdpCaptureRequest = {
  expected: [
    { port: 9002, token: 'netmachinery-0123456789abcdef' },
    { port: 9002, token: 'netmachinery-never-sent' },
  ],
  sources: ['198.18.0.1', '2001:2::1'],
  seconds: 4,
  leash: false,
};

describe('udpCaptureCommand', () => {
  it('captures only what is expected', () => {
    const { argv, limitMs } = udpCaptureCommand(request);
    expect(argv.slice(4)).toEqual([
      '4',
      'no',
      'udp and (dst port 9002) and (src host 198.18.0.1 or src host 2001:2::1)',
      'netmachinery-0123456789abcdef',
      'netmachinery-never-sent',
    ]);
    expect(limitMs).toBeGreaterThan(4000);
  });

  it.each(['short', 'has blanks in it', 'pattern-*-pattern', '$(id)-12345'])('refuses the token %j', (token) => {
    expect(() => udpCaptureCommand({ ...request, expected: [{ port: 1, token }] })).toThrow(/cannot be told apart/);
  });

  it('refuses a source that is no address, and expecting nothing', () => {
    expect(() => udpCaptureCommand({ ...request, sources: ['or 1'] })).toThrow(/not an IP address/);
    expect(() => udpCaptureCommand({ ...request, expected: [] })).toThrow(/expect/);
  });
});

describe('udpCaptureParser', () => {
  it('says when it listens and what it saw', () => {
    const { events, outcomes } = parse(udpCaptureParser(request), recordedLines('udp/capture.txt'));
    expect(events).toEqual([{ kind: 'listening' }, { kind: 'seen', token: 'netmachinery-0123456789abcdef' }]);
    expect(outcomes.map(({ seen }) => seen)).toEqual([true, false]);
  });

  it('says why there is no capture', () => {
    const { events, outcomes } = parse(udpCaptureParser(request), recordedLines('udp/capture-not-permitted.txt'));
    expect(events).toEqual([{ kind: 'failed', message: expect.stringContaining('permission') as string }]);
    expect(outcomes.some(({ seen }) => seen)).toBe(false);
  });

  it('never throws and sees nothing in garbage', () => {
    fc.assert(
      fc.property(garbageLines, (lines) => {
        expect(parse(udpCaptureParser(request), lines).outcomes.some(({ seen }) => seen)).toBe(false);
      }),
    );
  });
});
