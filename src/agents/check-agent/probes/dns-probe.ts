// SPDX-License-Identifier: Apache-2.0
import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import type { CheckFailure } from '../../../model/check.js';
import { millisecondsSince, probeLimitMs, resultOfError, type ProbeResult } from './probe-result.js';
import { whileSilent } from './while-silent.js';

const dnsPort = 53;

/** The codes of node:dns that are an answer, or the want of one. */
const failureOfCode: ReadonlyMap<string, CheckFailure> = new Map(
  Object.entries({
    ENOTFOUND: 'nameNotFound',
    ENODATA: 'nameNotFound',
    ETIMEOUT: 'timeout',
    ECANCELLED: 'timeout',
    ESERVFAIL: 'status',
    EFORMERR: 'status',
    ENOTIMP: 'status',
    EREFUSED: 'status',
    EBADRESP: 'status',
  } satisfies Record<string, CheckFailure>),
);

/**
 * Asks one server over UDP for the addresses of an absolute name: of IPv4, or of IPv6 where the server has such an address, and for
 * the other ones where it has none of those. Without a server those of resolv.conf are asked. Never rejects.
 */
export function dnsProbe(server: string | undefined, port: number | undefined, name: string): Promise<ProbeResult> {
  const order = server !== undefined && isIPv6(server) ? (['AAAA', 'A'] as const) : (['A', 'AAAA'] as const);
  return whileSilent(async (signal) => {
    let result: ProbeResult = { value: 'other' };
    for (const type of order) {
      const answer = await query(server, port ?? dnsPort, name, type, signal);
      result = answer.result;
      // The name is there, but has no address of this family.
      if (!answer.isEmpty) break;
    }
    return result;
  });
}

async function query(
  server: string | undefined,
  port: number,
  name: string,
  type: 'A' | 'AAAA',
  signal: AbortSignal,
): Promise<{ result: ProbeResult; isEmpty: boolean }> {
  // One try of each: they are repeated by whom they are made for, in a rhythm that does not depend on the library.
  const resolver = new Resolver({ timeout: probeLimitMs, tries: 1 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel);
  const startedMs = performance.now();
  try {
    if (server !== undefined) resolver.setServers([`${isIPv6(server) ? `[${server}]` : server}:${port}`]);
    const found = await (type === 'A' ? resolver.resolve4(name) : resolver.resolve6(name));
    return { result: { value: millisecondsSince(startedMs) }, isEmpty: found.length === 0 };
  } catch (thrown) {
    const error = thrown as NodeJS.ErrnoException;
    const value = failureOfCode.get(error.code ?? '');
    return {
      result: value === undefined ? resultOfError(error) : { value, detail: `${type} of ${name}: ${error.code ?? ''}` },
      isEmpty: error.code === 'ENODATA',
    };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
