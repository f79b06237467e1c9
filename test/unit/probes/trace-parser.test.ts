// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceParser, type TraceMethod, type TraceRequest } from '../../../src/probes/trace.js';
import { readTracepathLine } from '../../../src/probes/trace-lines.js';
import { parse, recordings, traceOutcomes } from './path-recording.js';

const one: TraceRequest = {
  destinations: [{ index: 0, address: '198.18.202.2', family: 4 }],
  method: 'tracepath',
  count: 1,
  maxHops: 30,
};
const way = {
  ipv4: ['198.18.200.1', '198.18.201.2', '198.18.202.2'],
  ipv6: ['2001:2:0:c8::1', '2001:2:0:c9::2', '2001:2:0:ca::2'],
};
const addresses = (name: string) => traceOutcomes(name).map(({ hops }) => hops.map(({ address }) => address));

describe('hops', () => {
  it.each(['tracepath', 'mtr', 'mtr-udp', 'mtr-tcp'])('%s finds all of both families, with times', (name) => {
    const [ipv4, ipv6] = traceOutcomes(name);
    expect([ipv4?.reason, ipv6?.reason]).toEqual(['Arrived', 'Arrived']);
    expect(addresses(name).slice(0, 2)).toEqual([way.ipv4, way.ipv6]);
    expect(ipv4?.message).toBe('arrived over 3 hops');
    for (const { sent, rttMs, lossPercent } of ipv4?.hops ?? []) {
      expect(sent).toBe(3);
      expect(lossPercent).toBeLessThan(100);
      expect(rttMs?.min).toBeLessThanOrEqual(rttMs?.avg ?? 0);
      expect(rttMs?.avg).toBeLessThanOrEqual(rttMs?.max ?? 0);
    }
  });

  it('of a name are those of its address', () => {
    const [ipv4, ipv6, unknown] = traceOutcomes('tracepath-names');
    expect([ipv4?.address, ipv6?.address]).toEqual(['198.18.202.2', '2001:2:0:ca::2']);
    expect(unknown).toMatchObject({ reason: 'NameNotFound', hops: [] });
  });

  it.each(['tracepath-silent', 'mtr-silent'])('%s: end with one silent hop', (name) => {
    const [outcome] = traceOutcomes(name);
    expect(outcome?.reason).toBe('NoReply');
    expect(outcome?.hops).toHaveLength(3);
    expect(outcome?.hops[2]).toEqual({ hop: 3, sent: 3, lossPercent: 100 });
    expect(outcome?.message).toContain('hop 2, 198.18.201.2');
  });

  it('a router that answers for what is behind it stands there once', () => {
    expect(addresses('mtr-silent')[1]).toEqual(['198.18.200.1', '198.18.201.2']);
  });

  it('are as many as were asked for', () => {
    const [outcome] = traceOutcomes('tracepath-few-hops');
    expect(outcome).toMatchObject({ reason: 'NoReply', attempts: 2 });
    expect(addresses('tracepath-few-hops')[0]).toEqual(way.ipv4.slice(0, 2));
  });

  it('are the same from a shell of busybox', () => {
    expect(traceOutcomes('busybox-shell').map(({ reason }) => reason)).toEqual(['Arrived', 'NoReply']);
  });
});

describe('a trace that does not arrive', () => {
  it('has the cause that tracepath names', () => {
    const outcomes = traceOutcomes('tracepath-unreachable');
    expect(outcomes.map(({ reason, from }) => [reason, from])).toEqual([
      ['HostUnreachable', '198.18.201.2'],
      ['HostUnreachable', '198.18.201.2'],
      ['NetworkUnreachable', undefined],
      // A port unreachable, but of a packet filter on the way.
      ['Prohibited', '198.18.201.2'],
    ]);
  });

  it('by mtr is silent, whoever refused it', () => {
    expect(traceOutcomes('mtr-unreachable').map(({ reason, message }) => [reason, message])).toEqual([
      ['NoReply', 'the destination did not answer; the last answer came from hop 2, 198.18.201.2'],
      ['NoReply', 'the destination did not answer, and no router either'],
    ]);
  });

  it.each([
    ['no-tracepath', 'ToolMissing', 'there is no tracepath here'],
    ['no-mtr', 'ToolMissing', 'there is no mtr here'],
    ['mtr-refused', 'PingNotPermitted', 'unprivileged ICMP echo is not permitted here'],
  ])('%s: %s', (name, reason, message) => {
    expect(traceOutcomes(name)[0]).toMatchObject({ reason, message, hops: [] });
  });
});

describe('lines of tracepath', () => {
  it.each([
    [
      ' 1:  198.18.200.1                     0.060ms ',
      { kind: 'answer', hop: 1, address: '198.18.200.1', rttMs: 0.06 },
    ],
    [
      ' 3:  198.18.201.2                   3056.053ms !H',
      { kind: 'answer', hop: 3, address: '198.18.201.2', rttMs: 3056.053, says: '!H' },
    ],
    [' 2:  10.0.0.1            1.234ms asymm  4 ', { kind: 'answer', hop: 2, address: '10.0.0.1', rttMs: 1.234 }],
    [
      '10:  2001:db8::1         0.020ms asymm  7 reached',
      { kind: 'answer', hop: 10, address: '2001:db8::1', rttMs: 0.02, says: 'reached' },
    ],
    [' 3:  198.18.201.2         0.006ms pmtu 1300', { kind: 'answer', hop: 3, address: '198.18.201.2', rttMs: 0.006 }],
    [' 4:  no reply', { kind: 'silence', hop: 4 }],
    [' 5?: reply received 8)', { kind: 'datagram', hop: 5 }],
    [' 1?: send failed', { kind: 'notSent', hop: 1 }],
    [' 1?: [LOCALHOST]                      pmtu 1500', undefined],
    ['     Too many hops: pmtu 1500', undefined],
    ['     Resume: pmtu 1500 hops 3 back 3 ', undefined],
  ])('%j', (line, read) => {
    expect(readTracepathLine(line)).toEqual(read);
  });
});

describe('rounds', () => {
  const printed = (text: string, count = 3) =>
    parse(traceParser({ ...one, count }), { stdout: text, stderr: '', exitCode: 0 })[0];
  const round = (number: number, ...lines: string[]) =>
    [...lines.map((line) => `@trace 0 ${number} ${line}`), `@ended 0 ${number} 0`].map((line) => `${line}\n`).join('');

  it('the destination is one hop, the first at which it answered', () => {
    const outcome = printed(
      round(1, ' 1:  198.18.202.2  0.100ms reached') +
        round(2, ' 1:  no reply', ' 2:  198.18.202.2  0.300ms reached') +
        round(3, ' 1:  198.18.202.2  0.200ms reached'),
    );
    expect(outcome?.hops).toEqual([
      { hop: 1, address: '198.18.202.2', sent: 6, lossPercent: 50, rttMs: { min: 0.1, avg: 0.2, max: 0.3 } },
    ]);
  });

  it('of several routers at one hop the one that answered most stands there', () => {
    const hop = (address: string) => ` 1:  ${address}  0.100ms `;
    const outcome = printed(round(1, hop('10.0.0.1')) + round(2, hop('10.0.0.2')) + round(3, hop('10.0.0.2')));
    expect(outcome?.hops[0]).toMatchObject({ address: '10.0.0.2', sent: 3, lossPercent: 0 });
  });

  it('one that arrived is enough', () => {
    const outcome = printed(round(1, ' 1:  no reply') + round(2, ' 1:  198.18.202.2  0.300ms reached'), 2);
    expect(outcome).toMatchObject({ reason: 'Arrived', attempts: 2 });
  });
});

it('every recording gives one outcome a destination, in their order', () => {
  for (const name of recordings('trace')) {
    const outcomes = traceOutcomes(name);
    expect(outcomes.map(({ index }) => index)).toEqual(outcomes.map((_, at) => at));
    for (const { message } of outcomes) expect(message).not.toBe('');
  }
});

it('no lines make the parser throw, and only the destination itself can have been arrived at', () => {
  const text = fc.oneof(
    fc.constantFrom(
      ' 1:  198.18.200.1   0.060ms ',
      ' 2:  198.18.201.2   0.060ms reached',
      ' 3:  no reply',
      '{ "report": { "hubs": [ { "count": 1, "host": "198.18.200.1", "Loss%": 0.0, "Snt": 3, "Avg": 1 } ] } }',
      '{ "report": { "hubs": [ null, {}, [], { "count": "1" } ] } }',
      '{ "report": null }',
      '{',
      '}',
    ),
    fc.string({ unit: 'binary' }),
  );
  const line = fc.oneof(
    text.map((said) => `@trace 0 1 ${said}`),
    fc.constantFrom('@ended 0 1 0', '@ended 0 1 1', '@done', '@missing mtr', '@trace', '@trace 0', '@ended 0 1 x'),
    text,
  );
  const method = fc.constantFrom<TraceMethod>('tracepath', 'icmp', 'udp', 'tcp');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), method, fc.integer(), (lines, by, exitCode) => {
      const outcomes = parse(traceParser({ ...one, method: by }), {
        stdout: `${lines.join('\n')}\n`,
        stderr: '',
        exitCode,
      });
      expect(outcomes).toHaveLength(1);
      expect(outcomes[0]?.reason).not.toBe('Arrived');
      expect(outcomes[0]?.message).not.toBe('');
    }),
    { numRuns: 2000 },
  );
});
