// SPDX-License-Identifier: Apache-2.0
import type { MeshPair } from '../../model/mesh.js';
import { formatMs, formatPercent } from '../figures.js';
import { plainText } from '../plain-text.js';
import { type MeshValue, pairMs } from './cell.js';

/** The figure that pairs are compared by: the wanted one, or the median where it has too few samples. */
function time(pair: MeshPair, value: MeshValue): number {
  return pairMs(pair, value) ?? pair.rttMs?.p50 ?? 0;
}

/** Pairs of which something is known, the worst first: by loss, then by time. */
export function worstFirst(pairs: readonly MeshPair[], value: MeshValue): MeshPair[] {
  return pairs
    .filter(({ sent }) => sent > 0)
    .sort((one, other) => (other.lossPercent ?? 0) - (one.lossPercent ?? 0) || time(other, value) - time(one, value));
}

/** `timeout 3, refused 1`: the most frequent first. */
export function failuresText({ failures }: Pick<MeshPair, 'failures'>): string {
  return Object.entries(failures)
    .sort(([, one], [, other]) => other - one)
    .map(([reason, count]) => `${plainText(reason)} ${count}`)
    .join(', ');
}

/** `3 of 30 probes failed (timeout 3)`, or `p50 0.52 ms`. */
export function pairText(pair: MeshPair, value: MeshValue): string {
  const { sent, failed } = pair;
  if (failed > 0) return `${failed} of ${sent} probes failed (${failuresText(pair)})`;
  const ms = pairMs(pair, value);
  if (value === 'loss') return `${formatPercent(0)} loss`;
  if (ms !== undefined) return `${value} ${formatMs(ms)} ms`;
  return pair.rttMs === undefined ? 'not probed yet' : `p50 ${formatMs(pair.rttMs.p50)} ms`;
}
