// SPDX-License-Identifier: Apache-2.0
import type { AgentReport } from '../../../model/check.js';

/** Anybody may send: of more addresses than this the ones that were silent for longest are forgotten. */
const mostAddresses = 4096;
/** Parts of the time that is remembered, which are counted together. */
const parts = 64;

interface Count {
  atMs: number;
  udp: number;
  tcp: number;
}

/** Counts what comes in, by remote address; remembers it for a time. */
export class HeardCounts {
  /** In the order in which they were last heard. */
  private readonly byAddress = new Map<string, Count[]>();

  constructor(
    /** For how long, in ms. */
    public memoryMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  count(protocol: 'udp' | 'tcp', remote: string): void {
    const address = plainAddress(remote);
    const nowMs = this.now();
    const counts = (this.byAddress.get(address) ?? []).filter(({ atMs }) => nowMs - atMs <= this.memoryMs);
    let last = counts.at(-1);
    if (last === undefined || nowMs - last.atMs > this.memoryMs / parts)
      counts.push((last = { atMs: nowMs, udp: 0, tcp: 0 }));
    last[protocol] += 1;
    this.byAddress.delete(address);
    this.byAddress.set(address, counts);
    if (this.byAddress.size > mostAddresses) this.byAddress.delete(this.byAddress.keys().next().value ?? '');
  }

  /** Who was heard in the last `sinceMs`, to a 64th of the memory; by address. */
  since(sinceMs: number): NonNullable<AgentReport['heard']> {
    const oldestMs = this.now() - Math.min(sinceMs, this.memoryMs);
    return [...this.byAddress]
      .map(([address, counts]) => {
        const recent = counts.filter(({ atMs }) => atMs >= oldestMs);
        const sum = (protocol: 'udp' | 'tcp'): number => recent.reduce((total, count) => total + count[protocol], 0);
        return { address, udp: sum('udp'), tcp: sum('tcp') };
      })
      .filter(({ udp, tcp }) => udp + tcp > 0)
      .sort((a, b) => (a.address < b.address ? -1 : 1));
  }
}

/** Without a zone, and IPv4 where it is mapped into IPv6 (RFC 4291 section 2.5.5.2), as sockets of both families have it. */
function plainAddress(address: string): string {
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Whether a connection comes from this network namespace itself. */
export function isLoopback(address: string | undefined): boolean {
  const plain = plainAddress(address ?? '');
  return plain === '::1' || /^127\.\d+\.\d+\.\d+$/.test(plain);
}
