// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { icmpParser, type IcmpRequest } from '../../../src/probes/icmp.js';
import { LineSplitter } from '../../../src/probes/lines.js';
import { parse, parseRecording, readRecording, requestOf, scriptRecordings } from './icmp-recording.js';

const one: IcmpRequest = { destinations: [{ index: 0, address: '198.18.201.2', family: 4 }], count: 2 };
const recordings = scriptRecordings().map(readRecording);

describe('events', () => {
  it('come in the order in which replies do, for each destination with the address', () => {
    const first = icmpParser(requestOf(readRecording('script-reachable')));
    expect(first.stdout('198.18.201.2   : [0], 64 bytes, 0.046 ms (0.046 avg, 0% loss)')).toEqual([
      { kind: 'reply', index: 0, sequence: 0, rttMs: 0.046 },
      { kind: 'reply', index: 2, sequence: 0, rttMs: 0.046 },
    ]);
  });

  it('tell each loss once', () => {
    const { events, outcomes } = parseRecording('script-loss');
    const losses = events.filter((event) => event.kind === 'loss');
    expect(losses).toHaveLength((outcomes[0]?.sent ?? 0) - (outcomes[0]?.received ?? 0));
    expect(new Set(losses.map((event) => event.sequence)).size).toBe(losses.length);
  });

  it('tell losses that fping never sent', () => {
    const { events } = parseRecording('script-unreachable');
    expect(events.filter((event) => event.kind === 'loss' && event.index === 4)).toHaveLength(5);
  });

  it('tell what names resolved to', () => {
    expect(parseRecording('script-names').events.filter((event) => event.kind === 'resolved')).toEqual([
      { kind: 'resolved', index: 7, address: '198.18.201.2' },
      { kind: 'resolved', index: 8, address: '2001:2:0:c9::2' },
    ]);
  });

  it('count from 0 with iputils and busybox too, and mark duplicates', () => {
    const sequences = (name: string) =>
      parseRecording(name).events.flatMap((event) =>
        event.kind === 'reply' && event.index === 0
          ? [`${event.sequence}${event.duplicate === true ? ' again' : ''}`]
          : [],
      );
    expect(sequences('script-iputils-duplicates')).toEqual(['0', '0 again', '1', '1 again', '2']);
    expect(sequences('script-busybox-privileged')).toEqual(['0', '1', '2']);
  });
});

describe('what a bare tool printed', () => {
  const asPing = (name: string) => {
    const { stdout, stderr, exitCode } = readRecording(name);
    const lines = (stdout + stderr).split('\n').map((line) => `@ping 0 ${line}\n`);
    return parse({ ...one, count: 3 }, `@tool iputils\n${lines.join('')}@ended 0 ${exitCode}\n@done\n`).outcomes[0];
  };
  it.each([
    ['iputils-reachable', 'EchoReply'],
    ['iputils-reachable-6', 'EchoReply'],
    ['iputils-duplicates', 'EchoReply'],
    ['busybox-reachable', 'EchoReply'],
    ['iputils-host-unreachable', 'HostUnreachable'],
    ['iputils-host-unreachable-6', 'HostUnreachable'],
    ['iputils-no-route', 'NetworkUnreachable'],
    ['iputils-no-route-6', 'NetworkUnreachable'],
    ['iputils-prohibited', 'Prohibited'],
    ['iputils-prohibited-6', 'Prohibited'],
    ['iputils-hop-limit', 'TimeExceeded'],
    ['iputils-hop-limit-6', 'TimeExceeded'],
    ['iputils-too-long', 'MessageTooLong'],
    ['iputils-too-long-6', 'MessageTooLong'],
    ['iputils-too-long-again', 'MessageTooLong'],
    ['iputils-name', 'NameNotFound'],
    ['iputils-local-filter', 'NoReply'],
    ['iputils-refused', 'PingNotPermitted'],
    ['busybox-refused', 'PingNotPermitted'],
  ])('%s: %s', (name, reason) => {
    expect(asPing(name)?.reason).toBe(reason);
  });

  it('gives who says it and the next MTU', () => {
    expect(asPing('iputils-too-long')).toMatchObject({ from: '198.18.200.1', nextMtu: 1400 });
    expect(asPing('iputils-too-long-6')).toMatchObject({ from: '2001:2:0:c8::1', nextMtu: 1400 });
  });

  it('counts replies without a time when the payload is too small to carry one', () => {
    expect(parse({ ...one, sizeBytes: 8 }, pinged('iputils-small')).outcomes[0]).toMatchObject({
      reason: 'EchoReply',
      received: 2,
      rttsMs: [],
    });
  });

  it.each([
    ['fping-mixed', 3, ['EchoReply', 'EchoReply', 'NoReply', 'NoReply']],
    ['fping-without-source', 2, ['NoReply', 'ToolFailed', 'ToolFailed', 'ToolFailed']],
    ['fping-bad-option', 2, ['ToolFailed', 'ToolFailed', 'ToolFailed', 'ToolFailed']],
    ['fping-refused', 2, ['ToolFailed', 'ToolFailed', 'ToolFailed', 'ToolFailed']],
    ['fping-not-executable', 2, ['ToolFailed', 'ToolFailed', 'ToolFailed', 'ToolFailed']],
  ])('%s', (name, count, reasons) => {
    const destinations: IcmpRequest['destinations'] = [
      { index: 0, address: '198.18.201.2', family: 4 },
      { index: 1, address: '2001:2:0:c9::2', family: 6 },
      { index: 2, address: '198.18.201.5', family: 4 },
      { index: 3, address: '198.19.0.1', family: 4 },
    ];
    const { stdout, stderr, exitCode } = readRecording(name);
    const { outcomes } = parse({ destinations, count }, stdout + stderr, '', exitCode);
    expect(outcomes.map((outcome) => outcome.reason)).toEqual(reasons);
  });

  it('says what the tool said when there is no result', () => {
    const { stdout, stderr, exitCode } = readRecording('fping-bad-option');
    expect(parse(one, stdout + stderr, '', exitCode).outcomes[0]?.message).toBe(
      "the tool ended without a result (exit code 1): see 'fping -h' for usage information",
    );
  });

  function pinged(name: string): string {
    return readRecording(name)
      .stdout.split('\n')
      .map((line) => `@ping 0 ${line}\n`)
      .join('');
  }
});

describe('what must never pass', () => {
  const reply = '198.18.201.2 : [0], 64 bytes, 0.046 ms (0.046 avg, 0% loss)\n';

  it('a run that was cut off, though what had arrived counts as reached', () => {
    expect(parse(one, `@tool fping\n${reply}`, '', 143).outcomes[0]).toMatchObject({
      reason: 'ToolFailed',
      received: 1,
      sent: 2,
    });
  });

  it('fewer echo requests than were asked for', () => {
    expect(parse(one, `${reply}198.18.201.2 : 0.046\n`).outcomes[0]?.reason).toBe('PacketLoss');
  });

  it('silence with nothing said', () => {
    expect(parse(one, '').outcomes[0]).toMatchObject({ reason: 'ToolFailed', sent: 0, received: 0 });
    expect(parse(one, '', 'sh: not found', 127).outcomes[0]?.reason).toBe('ToolMissing');
  });

  it('a destination that answered only while the cause was looked for, though it was reached', () => {
    const late =
      '@cause 0 64 bytes from 198.18.201.2: icmp_seq=1 ttl=63 time=0.05 ms\n@cause 0 2 packets transmitted, 1 received, 50% packet loss, time 203ms\n';
    expect(parse(one, `@tool fping\n${late}198.18.201.2 : - -\n@done\n`).outcomes[0]).toMatchObject({
      reason: 'PacketLoss',
      sent: 4,
      received: 1,
      rttsMs: [0.05],
    });
  });

  it('garbage, which never throws either', () => {
    const line = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...recordings.flatMap(({ stdout, stderr }) => (stdout + stderr).split('\n'))),
    );
    const garbled = fc
      .tuple(line, fc.nat(60), fc.string({ maxLength: 3 }))
      .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at + 1));
    fc.assert(
      fc.property(fc.array(garbled, { maxLength: 40 }), fc.integer(), (lines, exitCode) => {
        const request: IcmpRequest = { destinations: [{ index: 3, address: '198.18.0.9', family: 4 }] };
        const { outcomes } = parse(request, lines.join('\n'), lines.join('\n'), exitCode);
        expect(outcomes).toHaveLength(1);
        expect(outcomes[0]?.reason).not.toBe('EchoReply');
        expect(outcomes[0]?.message).not.toBe('');
      }),
    );
  });

  it('an output cut off anywhere, unless its result was complete', () => {
    fc.assert(
      fc.property(fc.constantFrom(...recordings), fc.double({ min: 0, max: 1, noNaN: true }), (recording, share) => {
        const request = requestOf(recording);
        const whole = parse(request, recording.stdout, recording.stderr).outcomes;
        const cut = recording.stdout.slice(0, Math.floor(recording.stdout.length * share));
        const { outcomes } = parse(request, cut, '', -1);
        expect(outcomes.map(({ index }) => index)).toEqual(whole.map(({ index }) => index));
        outcomes.forEach((outcome, at) => {
          const full = whole[at];
          expect(outcome.received).toBeLessThanOrEqual(full?.received ?? 0);
          expect(outcome.received).toBeLessThanOrEqual(outcome.sent);
          if (outcome.reason === 'EchoReply') expect(full?.reason).toBe('EchoReply');
        });
      }),
    );
  });
});

describe('chunks', () => {
  it('may be split anywhere', () => {
    fc.assert(
      fc.property(fc.constantFrom(...recordings), fc.array(fc.nat(4000), { maxLength: 30 }), (recording, cuts) => {
        const request = requestOf(recording);
        const bytes = Buffer.from(recording.stdout);
        const edges = [
          0,
          ...cuts.filter((cut) => cut < bytes.length).sort((left, right) => left - right),
          bytes.length,
        ];
        const splitter = new LineSplitter();
        const parser = icmpParser(request);
        const lines = edges.slice(1).flatMap((edge, at) => splitter.push(bytes.subarray(edges[at], edge)));
        const events = [...lines, ...splitter.end()].flatMap((line) => parser.stdout(line));
        expect({ events, outcomes: parser.end(0) }).toEqual(parse(request, recording.stdout));
      }),
    );
  });
});
