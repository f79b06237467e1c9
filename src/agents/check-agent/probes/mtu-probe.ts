// SPDX-License-Identifier: Apache-2.0
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { interfaceMtu } from '../facts/interfaces.js';
import { fping } from './fping.js';
import { sourceAddress } from './source-address.js';
import type { ProbeResult } from './probe-result.js';

/** Headers of IPv4 (RFC 791) or IPv6 (RFC 8200), and of an ICMP echo. */
const headerBytes = (address: string): number => (isIPv6(address) ? 40 : 20) + 8;
/** The most data that fping takes (`-b`), almost what the 16 bits of an IP packet's length allow; the loopback interface would take more. */
const mostDataBytes = 65_488;

/**
 * Echo requests that may not be fragmented, as large as the interface allows that they leave from: of each address, what
 * became of them. Never rejects.
 */
export async function mtuProbes(addresses: readonly string[]): Promise<Map<string, ProbeResult>> {
  const sizes = await Promise.all(
    [...new Set(addresses)].map(async (address) => ({ address, bytes: await mtuTowards(address) })),
  );
  const results = new Map<string, ProbeResult>();
  const bySize = new Map<number, string[]>();
  for (const { address, bytes } of sizes) {
    if (bytes === undefined) results.set(address, { value: 'unreachable' });
    else {
      const data = Math.min(bytes - headerBytes(address), mostDataBytes);
      bySize.set(data, [...(bySize.get(data) ?? []), address]);
    }
  }
  const measure = async ([bytes, group]: [number, string[]]): Promise<void> => {
    const found = await fping(group, { bytes, whole: true });
    for (const address of group) {
      const result = found.get(address) ?? { value: 'other', detail: 'fping says nothing of it' };
      results.set(address, { ...result, mtuBytes: bytes + headerBytes(address) });
    }
  };
  await Promise.all([...bySize].map(measure));
  return results;
}

/** The MTU of the interface towards `address`; undefined: there is no way to it. */
async function mtuTowards(address: string): Promise<number | undefined> {
  const source = await sourceAddress(address);
  const place = Object.entries(networkInterfaces()).find(([, found]) => found?.some((each) => each.address === source));
  return place === undefined ? undefined : interfaceMtu(place[0]);
}
