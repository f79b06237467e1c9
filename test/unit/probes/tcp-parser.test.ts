// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tcpParser } from '../../../src/probes/tcp-parser.js';
import type { TcpRequest } from '../../../src/probes/tcp.js';
import { damagedLines, garbageLines, parse, recordedLines } from './tcp-recording.js';

const recorded: TcpRequest = {
  destinations: [
    { index: 0, family: 4, address: '198.18.244.2', port: 8080 },
    { index: 1, family: 4, address: '198.18.244.2', port: 8081 },
    { index: 2, family: 4, address: '198.18.244.2', port: 8082 },
    { index: 3, family: 4, address: '198.18.244.2', port: 8083 },
    { index: 4, family: 4, address: '198.18.244.99', port: 8080 },
    { index: 5, family: 4, address: '198.19.244.1', port: 8080 },
    { index: 6, family: 6, address: '2001:2:244::2', port: 8080 },
    { index: 7, family: 6, address: '2001:2:244::2', port: 8081 },
    { index: 8, family: 6, address: '2001:2:244::2', port: 8083 },
    { index: 9, family: 6, address: '2001:2:244::99', port: 8080 },
    { index: 10, family: 4, host: 'localhost', port: 8080 },
    { index: 11, family: 6, host: 'no-such-name.invalid', port: 8080 },
  ],
  attempts: 3,
  connectTimeoutMs: 3500,
  leash: false,
};
const reasons = [
  'Connected',
  'Refused',
  'TimedOut',
  'HostUnreachable',
  'HostUnreachable',
  'NetworkUnreachable',
  'Connected',
  'Refused',
  'Prohibited',
  'HostUnreachable',
  'Refused',
  'NameNotFound',
];
const one: TcpRequest = {
  destinations: [{ index: 0, family: 4, address: '198.18.244.2', port: 8084 }],
  attempts: 3,
  leash: false,
};

describe('tcpParser', () => {
  it.each(['bash', 'nc-openbsd', 'nc-busybox'])('tells all causes apart in what %s printed', (tool) => {
    const { events, outcomes } = parse(tcpParser(recorded), recordedLines(`tcp/${tool}.txt`));
    expect(outcomes.map(({ index }) => index)).toEqual(recorded.destinations.map(({ index }) => index));
    expect(outcomes.map(({ reason }) => reason)).toEqual(reasons);
    expect(outcomes[10]?.address).toBe('127.0.0.1');
    expect(outcomes[11]).not.toHaveProperty('address');
    expect(outcomes.slice(0, 11).every(({ attempts }) => attempts.length === 3)).toBe(true);
    expect(outcomes[11]?.attempts).toEqual([]);
    expect(events.filter(({ kind }) => kind === 'attempt')).toHaveLength(33);
  });

  it('has times from bash and none from nc', () => {
    const times = (tool: string) =>
      parse(tcpParser(recorded), recordedLines(`tcp/${tool}.txt`)).outcomes[0]?.attempts.map(({ ms }) => ms);
    expect(times('bash')?.every((ms) => ms !== undefined && ms > 0 && ms < 100)).toBe(true);
    expect(times('nc-openbsd')).toEqual([undefined, undefined, undefined]);
  });

  it('says what people want to know', () => {
    const { outcomes } = parse(tcpParser(recorded), recordedLines('tcp/bash.txt'));
    expect(outcomes[0]?.message).toMatch(/^connected in \d+\.\d\d ms$/);
    expect(outcomes[2]?.message).toBe('no answer within 3500 ms');
    expect(outcomes[3]?.message).toBe('no route to host (ARP failed or an ICMP filter)');
    expect(outcomes[9]?.message).toBe('no route to host (neighbour discovery failed or an ICMP filter)');
    expect(outcomes[11]?.message).toBe('no-such-name.invalid did not resolve to an IPv6 address in the pod');
  });

  it('says how many of mixed attempts connected', () => {
    const request = { ...one, attempts: 6, connectTimeoutMs: 1500 };
    const [outcome] = parse(tcpParser(request), recordedLines('tcp/bash-some.txt')).outcomes;
    const connected = outcome?.attempts.filter(({ reason }) => reason === 'Connected').length;
    expect(connected).toBeGreaterThan(0);
    expect(connected).toBeLessThan(6);
    expect(outcome?.reason).toBe('SomeAttemptsFailed');
    expect(outcome?.message).toBe(`${connected} of 6 attempts connected: no answer within 1500 ms`);
  });

  it('names a missing tool', () => {
    const { outcomes } = parse(tcpParser(recorded), recordedLines('tcp/no-tool.txt'), 127);
    expect(outcomes.map(({ reason }) => reason)).toEqual(reasons.map(() => 'ToolMissing'));
    expect(outcomes[0]?.message).toBe('nc is missing in the tool image');
  });

  it('does not judge by some of the attempts', () => {
    const lines = ['@tool bash', '@attempt 0 1 80 connected', '@attempt 0 2 80 connected'];
    expect(parse(tcpParser(one), lines, 143).outcomes[0]?.reason).toBe('ToolFailed');
    expect(parse(tcpParser(one), lines, -1).outcomes[0]?.reason).toBe('ConnectionLost');
    expect(parse(tcpParser(one), recordedLines('tcp/bash-leash.txt'), 143).outcomes[0]?.reason).toBe('ToolFailed');
    expect(parse(tcpParser(one), [...lines, '@attempt 0 3 90 connected'], -1).outcomes[0]?.reason).toBe('Connected');
  });

  it('takes the words of an unknown failure over', () => {
    const lines = [1, 2, 3].map((attempt) => `@attempt 0 ${attempt} 5 failed bash: connect: Too many open files`);
    expect(parse(tcpParser(one), lines).outcomes[0]).toMatchObject({
      reason: 'ToolFailed',
      message: 'Too many open files',
    });
  });

  it('never throws and never finds a connection in garbage', () => {
    fc.assert(
      fc.property(garbageLines, fc.integer({ min: -1, max: 255 }), (lines, exitCode) => {
        const parser = tcpParser(recorded);
        for (const garbage of lines) parser.stderr(garbage);
        const { outcomes } = parse(parser, lines, exitCode);
        expect(outcomes).toHaveLength(recorded.destinations.length);
        expect(outcomes.some(({ reason }) => reason === 'Connected' || reason === 'SomeAttemptsFailed')).toBe(false);
      }),
    );
  });

  it('never finds a connection that was not there in damaged output', () => {
    fc.assert(
      fc.property(damagedLines(recordedLines('tcp/bash.txt')), fc.integer({ min: -1, max: 255 }), (lines, exitCode) => {
        for (const { index, reason } of parse(tcpParser(recorded), lines, exitCode).outcomes) {
          if (reason === 'Connected') expect(reasons[index]).toBe('Connected');
          expect(reason).not.toBe('SomeAttemptsFailed');
        }
      }),
    );
  });
});
