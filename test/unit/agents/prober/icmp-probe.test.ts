// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { FpingOutcomes, icmpProbes, icmpWorks, readFpingLine } from '../../../../src/agents/prober/icmp-probe.js';
import type { ProbeResult } from '../../../../src/agents/prober/probe-result.js';

/** fping 5.1 of Debian 12 as `fping -l -p 1000 -t 800 -i 1 ADDRESS...`; nobody has 10.11.0.7 or fd09::77. */
const recordedStdout = `127.0.0.1 : [0], 64 bytes, 0.242 ms (0.242 avg, 0% loss)
::1       : [0], 64 bytes, 0.048 ms (0.048 avg, 0% loss)
10.11.0.7 : [0], timed out (NaN avg, 100% loss)
fd09::77  : [0], timed out (NaN avg, 100% loss)
`;
const recordedStderr = 'ICMP Host Unreachable from 10.11.0.1 for ICMP Echo sent to 10.11.0.7\n';
const lines = (text: string): string[] => text.trimEnd().split('\n');

const works = await icmpWorks();

function outcomesOf(...addresses: string[]): { outcomes: FpingOutcomes; results: [string, ProbeResult][] } {
  const results: [string, ProbeResult][] = [];
  return { outcomes: new FpingOutcomes(addresses, 1, (...result) => results.push(result)), results };
}

describe('readFpingLine', () => {
  it('reads latencies and why there is none', () => {
    expect([...lines(recordedStderr), ...lines(recordedStdout)].map(readFpingLine)).toEqual([
      { address: '10.11.0.7', is: 'unreachable' },
      { address: '127.0.0.1', seconds: 0.242 / 1000 },
      { address: '::1', seconds: 0.048 / 1000 },
      { address: '10.11.0.7', is: 'timed out' },
      { address: 'fd09::77', is: 'timed out' },
    ]);
  });

  it('throws for no output', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom(...lines(recordedStdout + recordedStderr)));
    fc.assert(
      fc.property(fc.array(text), (words) => {
        const { outcomes } = outcomesOf('127.0.0.1');
        for (const word of words) outcomes.take(word);
      }),
    );
  });
});

describe('FpingOutcomes', () => {
  it('takes what a router said of a request for the reason why it timed out', () => {
    const { outcomes, results } = outcomesOf('10.11.0.7', 'fd09::77');
    for (const line of [...lines(recordedStderr), ...lines(recordedStdout), ...lines(recordedStdout)])
      outcomes.take(line);
    expect(results).toEqual([
      ['10.11.0.7', { failure: 'unreachable' }],
      ['fd09::77', { failure: 'timeout' }],
      ['10.11.0.7', { failure: 'timeout' }],
      ['fd09::77', { failure: 'timeout' }],
    ]);
  });

  it('forgets what a router said once there is an answer', () => {
    const { outcomes, results } = outcomesOf('10.11.0.7');
    outcomes.take(recordedStderr);
    outcomes.take('10.11.0.7 : [1], 64 bytes, 1.00 ms (1.00 avg, 50% loss)');
    outcomes.take('10.11.0.7 : [2], timed out (1.00 avg, 66% loss)');
    expect(results).toEqual([
      ['10.11.0.7', { seconds: 0.001 }],
      ['10.11.0.7', { failure: 'timeout' }],
    ]);
  });

  it('tells a failure for each period of which nothing is said, but the first ones', () => {
    const { outcomes, results } = outcomesOf('127.0.0.1', '10.8.0.1');
    for (let period = 0; period < 4; period++) {
      outcomes.take(`127.0.0.1 : [${period}], 64 bytes, 1.00 ms (1.00 avg, 0% loss)`);
      outcomes.endPeriod();
    }
    expect(results.filter(([address]) => address === '10.8.0.1')).toEqual([
      ['10.8.0.1', { failure: 'other' }],
      ['10.8.0.1', { failure: 'other' }],
      ['10.8.0.1', { failure: 'other' }],
    ]);
    expect(results.filter(([address]) => address === '127.0.0.1')).toHaveLength(4);
  });
});

describe('icmpProbes', () => {
  it.skipIf(!works)('measures all addresses in each period, until it is no longer wanted', async () => {
    const results: [string, ProbeResult][] = [];
    const end = new AbortController();
    const addresses = ['127.0.0.1', '127.0.0.2'];
    const probing = {
      addresses,
      periodMs: 50,
      timeoutMs: 50,
      onResult: (...result: [string, ProbeResult]) => void results.push(result),
    };
    const probes = icmpProbes(probing, end.signal);
    for (const address of addresses)
      await vi.waitFor(() => expect(results.filter(([of]) => of === address).length).toBeGreaterThan(3));
    for (const [, result] of results) expect(result).toEqual({ seconds: expect.any(Number) as number });
    end.abort();
    await probes;
    results.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(results).toEqual([]);
  });

  it('resolves for nobody, and for one that is not wanted any more', async () => {
    const probing = { addresses: [], periodMs: 50, timeoutMs: 50, onResult: () => undefined };
    await icmpProbes(probing, new AbortController().signal);
    await icmpProbes({ ...probing, addresses: ['127.0.0.1'] }, AbortSignal.abort());
  });
});
