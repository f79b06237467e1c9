// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { icmpCommand, type IcmpOutcome } from '../../../src/probes/icmp.js';
import { parseRecording, readRecording, requestOf, scriptRecordings } from './icmp-recording.js';

/** `INDEX reason received/sent`, with what the network said. */
function inShort(outcome: IcmpOutcome): string {
  const { index, reason, received, sent, from, nextMtu } = outcome;
  const said = `${from === undefined ? '' : ` from ${from}`}${nextMtu === undefined ? '' : ` mtu ${nextMtu}`}`;
  return `${index} ${reason} ${received}/${sent}${said}`;
}

const expected: Record<string, string[]> = {
  'script-reachable': ['0 EchoReply 5/5', '1 EchoReply 5/5', '2 EchoReply 5/5'],
  'script-busybox-shell': ['0 EchoReply 2/2', '1 HostUnreachable 0/2 from 198.18.200.2'],
  'script-unreachable': [
    '0 EchoReply 5/5',
    '1 HostUnreachable 0/5 from 198.18.200.2',
    '2 HostUnreachable 0/5 from 2001:2:0:c8::2',
    '3 HostUnreachable 0/5 from 198.18.200.1',
    '4 NetworkUnreachable 0/5',
    '5 NetworkUnreachable 0/5',
  ],
  'script-filtered': [
    '0 Prohibited 0/5 from 198.18.201.4',
    '1 Prohibited 0/5 from 2001:2:0:c9::4',
    '2 NoReply 0/5',
    '3 NoReply 0/5',
    '4 Prohibited 0/5 from 198.18.201.7',
    '5 NoReply 0/5',
  ],
  'script-routes': ['0 HostUnreachable 0/5', '1 Prohibited 0/5', '2 NetworkUnreachable 0/5'],
  'script-hop-limit': ['0 TimeExceeded 0/5 from 198.18.200.1', '1 TimeExceeded 0/5 from 2001:2:0:c8::1'],
  'script-duplicates': ['0 EchoReply 5/5'],
  'script-duplicates-of-many': ['0 EchoReply 5/5', '1 EchoReply 5/5'],
  'script-names': ['7 EchoReply 2/2', '8 EchoReply 2/2', '9 NameNotFound 0/0'],
  'script-names-left-to-ping': ['0 EchoReply 2/2', '1 EchoReply 2/2', '2 NameNotFound 0/0'],
  'script-name-server-silent': ['0 NameNotFound 0/0', '1 EchoReply 2/2'],
  'script-deadline': ['0 EchoReply 8/8', '1 NoReply 0/8'],
  'script-size': ['0 EchoReply 2/2', '1 EchoReply 2/2'],
  'script-too-long': ['0 MessageTooLong 0/5 mtu 1400', '1 MessageTooLong 0/5 mtu 1400'],
  'script-privileged': [
    '0 EchoReply 5/5',
    '1 EchoReply 5/5',
    '2 HostUnreachable 0/5 from 198.18.200.2',
    '3 Prohibited 0/5 from 198.18.201.4',
    '4 EchoReply 5/5',
  ],
  'script-iputils': [
    '0 EchoReply 3/3',
    '1 EchoReply 3/3',
    '2 HostUnreachable 0/3 from 198.18.200.2',
    '3 NetworkUnreachable 0/3',
    '4 NameNotFound 0/0',
    '5 EchoReply 3/3',
    '6 NoReply 0/3',
  ],
  'script-iputils-duplicates': ['0 EchoReply 3/3'],
  'script-iputils-deadline': ['0 EchoReply 8/8', '1 NoReply 0/8'],
  'script-busybox-restricted': ['0 PingNotPermitted 0/0', '1 NameNotFound 0/0'],
  'script-busybox-privileged': [
    '0 EchoReply 3/3',
    '1 EchoReply 3/3',
    '2 NoReply 0/3',
    '3 NetworkUnreachable 0/3',
    '4 NameNotFound 0/0',
    '5 EchoReply 3/3',
  ],
  'script-busybox-too-long': ['0 ToolMissing 0/0'],
  'script-no-tools': ['0 ToolMissing 0/0'],
  'script-refused': ['0 PingNotPermitted 0/0', '1 PingNotPermitted 0/0'],
};

describe('outcomes of recorded runs', () => {
  it.each(Object.entries(expected))('%s', (name, outcomes) => {
    expect(parseRecording(name).outcomes.map(inShort)).toEqual(outcomes);
  });

  it('has an expectation for every recording but the random one', () => {
    expect(scriptRecordings().filter((name) => !(name in expected))).toEqual(['script-loss']);
  });

  it.each(scriptRecordings())('%s was recorded with the arguments that icmpCommand gives', (name) => {
    const recording = readRecording(name);
    const [leash, , ...others] = icmpCommand(requestOf(recording)).argv.slice(4);
    const [recordedLeash, , ...recordedOthers] = recording.arguments;
    expect([leash, ...others]).toEqual([recordedLeash, ...recordedOthers]);
  });

  it('counts losses by itself', () => {
    const [lossy, sound] = parseRecording('script-loss').outcomes;
    expect(lossy?.reason).toBe('PacketLoss');
    expect(lossy?.sent).toBe(20);
    expect(lossy?.received).toBe(lossy?.rttsMs.length);
    expect(lossy?.received).toBeGreaterThan(4);
    expect(lossy?.received).toBeLessThan(20);
    expect(lossy?.message).toBe(`${String(lossy?.received)} of 20 echo requests answered`);
    expect(sound?.reason).toBe('EchoReply');
  });

  it('gives the round trips in the order of their echo requests, for each destination with the same address', () => {
    const { outcomes } = parseRecording('script-reachable');
    const summary = /^198\.18\.201\.2 +: (.*)$/m.exec(
      readRecording('script-reachable').stdout.replace(/^.*\[.*$/gm, ''),
    );
    const rttsMs = summary?.[1]?.split(' ').map(Number);
    expect(rttsMs).toHaveLength(5);
    expect(outcomes[0]?.rttsMs).toEqual(rttsMs);
    expect(outcomes[2]?.rttsMs).toEqual(rttsMs);
  });

  it.each([
    ['script-duplicates', [5]],
    ['script-duplicates-of-many', [0, 5]],
    ['script-iputils-duplicates', [2]],
  ])('counts duplicates (%s)', (name, duplicates) => {
    const { outcomes } = parseRecording(name);
    expect(outcomes.map((outcome) => outcome.duplicates)).toEqual(duplicates);
    expect(outcomes.every((outcome) => outcome.received === outcome.sent)).toBe(true);
  });

  it('names the tool that measured', () => {
    const toolOf = (name: string) => parseRecording(name).outcomes[0]?.tool;
    expect(['script-reachable', 'script-refused', 'script-busybox-privileged', 'script-no-tools'].map(toolOf)).toEqual([
      'fping',
      'iputils',
      'busybox',
      undefined,
    ]);
  });
});

describe('messages', () => {
  const messages = (name: string) => parseRecording(name).outcomes.map((outcome) => outcome.message);

  it('say who sent the error', () => {
    expect(messages('script-unreachable')).toEqual([
      '5 of 5 echo requests answered',
      'Destination Host Unreachable, from 198.18.200.2',
      'Destination unreachable: Address unreachable, from 2001:2:0:c8::2',
      'Destination Host Unreachable, from 198.18.200.1',
      'Network is unreachable',
      'Network is unreachable',
    ]);
  });

  it("carry the tool's own words where it failed, without its path", () => {
    expect(messages('script-names')[2]).toBe('nowhere.example: Name or service not known');
    expect(messages('script-name-server-silent')[0]).toBe('nowhere.example: no answer from the name server in time');
    expect(messages('script-too-long')[0]).toBe('message too long, mtu=1400');
  });

  it('explain what iputils misnames', () => {
    expect(messages('script-routes')[1]).toBe("refused by the source's own routes or packet filter");
    expect(messages('script-refused')[0]).toBe(
      'unprivileged ICMP echo is not permitted here (sysctl net.ipv4.ping_group_range)',
    );
    expect(messages('script-busybox-restricted')[0]).toBe('busybox ping works for root with NET_RAW only');
    expect(messages('script-busybox-too-long')[0]).toBe(
      "only busybox ping is here, which cannot set the don't-fragment bit",
    );
  });
});
