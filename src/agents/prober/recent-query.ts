// SPDX-License-Identifier: Apache-2.0
import { probeProtocols, type ProbeProtocol } from '../../model/prober.js';

/** Which of the remembered probes are asked for. */
export interface RecentQuery {
  /** Only probes that ended at most this many ms ago. */
  sinceMs: number;
  protocols: readonly ProbeProtocol[];
}

/**
 * The query of `/recent`: `sinceMs=30000`, `protocol=http`; a mesh of many members asks each of them every second. What is
 * absent or cannot be read asks for everything.
 */
export function recentQuery(url: string | undefined): RecentQuery {
  const query = new URLSearchParams((url ?? '').split('?').slice(1).join('?'));
  const since = query.get('sinceMs') ?? '';
  const protocols = probeProtocols.filter((protocol) => query.getAll('protocol').includes(protocol));
  return {
    sinceMs: /^\d{1,12}$/.test(since) ? Number(since) : Infinity,
    protocols: protocols.length === 0 ? probeProtocols : protocols,
  };
}
