// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { uptimeOf } from '../../../../src/agents/check-agent/facts/facts.js';
import { agentInterfaces } from '../../../../src/agents/check-agent/facts/interfaces.js';
import { resolverOf } from '../../../../src/agents/check-agent/facts/resolver.js';
import { FpingLines, readFpingLine } from '../../../../src/agents/check-agent/probes/fping.js';

/** fping 5.1 of Debian 12, `-e -r 2 -B 1 -t 1000 -i 1 -S 0.0.0.0 -S ::`; nobody has .77 and .88, and to 10.255.0.1 the router has no route. */
const recordedStdout = `198.18.92.2 is alive (0.308 ms)
fd00:92::2 is alive (0.113 ms)
198.18.92.77 is unreachable
fd00:92::77 is unreachable
10.255.0.1 is unreachable
fe81::1 is unreachable
`;
const recordedStderr = `ICMP Network Unreachable from 198.18.91.1 for ICMP Echo sent to 10.255.0.1
ICMP Network Unreachable from 198.18.91.1 for ICMP Echo sent to 10.255.0.1
fe81::1: error while sending ping: Invalid argument
`;
/** The same with `-M -b 1472` over a path of 1400 bytes, and without a route. */
const recordedCauses = `ICMP Unreachable (Fragmentation Needed) from 198.18.91.1 for ICMP Echo sent to 198.18.92.2
fd00:92::2: error while sending ping: Message too long
198.18.92.3: error while sending ping: Network is unreachable
`;
const lines = (text: string): string[] => text.trimEnd().split('\n');

function resultsOf(...texts: string[]): object {
  const read = new FpingLines();
  for (const text of texts) for (const line of lines(text)) read.take(line);
  return Object.fromEntries(read.results);
}

describe('FpingLines', () => {
  const expected = {
    '198.18.92.2': { value: 0.308 },
    'fd00:92::2': { value: 0.113 },
    '198.18.92.77': { value: 'timeout' },
    'fd00:92::77': { value: 'timeout' },
    '10.255.0.1': { value: 'unreachable' },
    'fe81::1': { value: 'other', detail: 'Invalid argument' },
  };
  it('reads times and why there is none, whichever stream comes first', () => {
    expect(resultsOf(recordedStdout, recordedStderr)).toEqual(expected);
    expect(resultsOf(recordedStderr, recordedStdout)).toEqual(expected);
  });

  it('forgets an error of an address that answers after all', () => {
    const error = 'ICMP Host Unreachable from 198.18.91.1 for ICMP Echo sent to 198.18.92.2';
    expect(resultsOf(error, recordedStdout)).toMatchObject({ '198.18.92.2': { value: 0.308 } });
    expect(resultsOf(recordedStdout, error)).toMatchObject({ '198.18.92.2': { value: 0.308 } });
  });

  it('tells what is too big and what has no route', () => {
    expect(lines(recordedCauses).map(readFpingLine)).toEqual([
      { address: '198.18.92.2', failure: 'tooBig' },
      { address: 'fd00:92::2', failure: 'tooBig' },
      { address: '198.18.92.3', failure: 'unreachable' },
    ]);
  });

  it('throws for no output', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...lines(recordedStdout + recordedStderr))), (line) => {
        new FpingLines().take(line);
      }),
    );
  });
});

describe('facts', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it('reads a resolv.conf of a pod', () => {
    const text = `# of the kubelet
search shop.svc.cluster.local svc.cluster.local cluster.local
nameserver 198.18.0.10
nameserver 2001:2::a ; second
nameserver wrong
options ndots:5
`;
    expect(resolverOf(text)).toEqual({
      nameservers: ['198.18.0.10', '2001:2::a'],
      search: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
    });
    expect(resolverOf('')).toEqual({ nameservers: [], search: [] });
  });

  it('reads /proc/uptime', () => {
    expect(uptimeOf('2828.31 3911.22\n')).toBe(2828);
    expect(uptimeOf('')).toBe(0);
  });

  it('tells interfaces with addresses and devices, not ends of cables', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nmchk-'));
    folders.push(folder);
    const make = (name: string, mtu: string, errors: string, isDevice = false): void => {
      mkdirSync(join(folder, name, 'statistics'), { recursive: true });
      if (isDevice) mkdirSync(join(folder, name, 'device'));
      writeFileSync(join(folder, name, 'mtu'), `${mtu}\n`);
      for (const file of ['rx_errors', 'tx_errors', 'rx_dropped'])
        writeFileSync(join(folder, name, 'statistics', file), `${errors}\n`);
    };
    make('lo', '65536', '0');
    make('eth0', '1500', '7', true);
    make('eth1', '9000', '0', true);
    make('veth12ab', '1500', '0');
    const addresses = {
      lo: [{ address: '127.0.0.1', cidr: '127.0.0.1/8' }],
      eth0: [
        { address: '198.18.1.2', cidr: '198.18.1.2/24' },
        { address: 'fe80::1', cidr: 'fe80::1/64' },
      ],
      veth12ab: [{ address: 'fe80::2', cidr: 'fe80::2/64' }],
    };
    expect(agentInterfaces(folder, addresses)).toEqual([
      { name: 'eth0', mtu: 1500, addresses: ['198.18.1.2/24'], rxErrors: 7, txErrors: 7, rxDropped: 7, txDropped: 0 },
      { name: 'eth1', mtu: 9000, addresses: [], rxErrors: 0, txErrors: 0, rxDropped: 0, txDropped: 0 },
    ]);
    expect(agentInterfaces('/nowhere', addresses)).toMatchObject([{ name: 'eth0', mtu: 0 }]);
  });
});
