// SPDX-License-Identifier: Apache-2.0
import type { TraceHop } from '../model/report.js';

interface Hub {
  count?: unknown;
  host?: unknown;
  'Loss%'?: unknown;
  Snt?: unknown;
  Avg?: unknown;
  Best?: unknown;
  Wrst?: unknown;
}

/** The hops of what `mtr --json` printed, in whatever lines beside it; undefined where there is no such report. */
export function readMtrHops(lines: readonly string[]): TraceHop[] | undefined {
  const text = lines.join('\n');
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  if (from < 0 || to < from) return undefined;
  try {
    const { report } = JSON.parse(text.slice(from, to + 1)) as { report?: { hubs?: unknown } };
    const hubs = report?.hubs;
    return Array.isArray(hubs) ? (hubs as unknown[]).flatMap(hopOf) : undefined;
  } catch {
    return undefined;
  }
}

function hopOf(value: unknown): TraceHop[] {
  if (typeof value !== 'object' || value === null) return [];
  const { count, host, 'Loss%': loss, Snt: sent, Avg: avg, Best: min, Wrst: max }: Hub = value;
  if (!isNumber(count) || !Number.isInteger(count) || count < 1 || count > 255) return [];
  if (!isNumber(sent) || !Number.isInteger(sent) || !isNumber(loss) || loss > 100) return [];
  // mtr writes ??? for a hop that nobody answered for.
  const isKnown = typeof host === 'string' && /^[0-9a-fA-F:.]+(?:%\S+)?$/.test(host) && loss < 100;
  return [
    {
      hop: count,
      ...(isKnown ? { address: host } : {}),
      sent,
      lossPercent: Math.round(loss * 100) / 100,
      ...(isKnown && isNumber(min) && isNumber(avg) && isNumber(max) ? { rttMs: { min, avg, max } } : {}),
    },
  ];
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
