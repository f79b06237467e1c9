// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { udpCountersParser } from '../../../src/probes/udp-counters.js';
import { damagedLines, garbageLines, parse, recordedLines } from './tcp-recording.js';

const recorded = recordedLines('udp/counters.txt');
/** A column of the two `Udp:` lines and the line of the other family, read in another way. */
const expected = (name: string): number => {
  const [names = '', values = ''] = recorded.filter((line) => line.startsWith('Udp: '));
  const ipv6 = recorded.find((line) => line.startsWith(`Udp6${name} `) || line.startsWith(`Udp6${name}\t`)) ?? '';
  return Number(values.split(' ')[names.split(' ').indexOf(name)]) + Number(ipv6.split(/\s+/)[1]);
};

describe('udpCountersParser', () => {
  it('adds both families up', () => {
    const [counters] = parse(udpCountersParser(), recorded).outcomes;
    expect(counters).toEqual({
      inDatagrams: expected('InDatagrams'),
      noPorts: expected('NoPorts'),
      inErrors: expected('InErrors'),
    });
    expect(counters?.inDatagrams).toBeGreaterThan(0);
    expect(counters?.noPorts).toBeGreaterThan(0);
  });

  it('does without IPv6', () => {
    const ipv4 = recorded.filter((line) => !/^(Udp|Ip|Icmp|UdpLite)6/.test(line));
    expect(parse(udpCountersParser(), ipv4, 1).outcomes[0]?.inDatagrams).toBeGreaterThan(0);
  });

  it('has nothing to say without the counters', () => {
    expect(parse(udpCountersParser(), [], 1).outcomes).toEqual([undefined]);
    expect(parse(udpCountersParser(), ['Udp: InDatagrams', 'Udp: x']).outcomes).toEqual([undefined]);
  });

  it('never throws, and has numbers or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(garbageLines, damagedLines(recorded)), (lines) => {
        const [counters] = parse(udpCountersParser(), lines).outcomes;
        expect(Object.values(counters ?? {}).every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true);
      }),
    );
  });
});
