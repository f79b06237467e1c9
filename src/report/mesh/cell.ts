// SPDX-License-Identifier: Apache-2.0
import type { MeshMember, MeshPair } from '../../model/mesh.js';
import { formatMs, formatPercent } from '../figures.js';

/** What cells show. */
export type MeshValue = 'p50' | 'p95' | 'p99' | 'max' | 'loss';

/** What is not known never looks like what is well. */
type CellState = 'good' | 'failing' | 'few' | 'unknown' | 'unread' | 'self';

export interface MeshCell {
  state: CellState;
  /** Failures are marked by a sign, so that nobody needs colours. */
  text: string;
  /** The same in less room. */
  short: string;
  /** What it is coloured by, in ms. */
  ms?: number;
}

/** What can be counted on in text of all terminals, beside words. */
const failSign = '✗';

/** The figure of a pair in ms; undefined where it has none, for loss has no ms. */
export function pairMs(pair: MeshPair, value: MeshValue): number | undefined {
  return value === 'loss' ? undefined : pair.rttMs?.[value];
}

/** The cell where the row of `source` and the column of `destination` meet. */
export function cellOf(
  source: MeshMember,
  destination: MeshMember,
  pair: MeshPair | undefined,
  value: MeshValue,
): MeshCell {
  const same = (state: CellState, text: string): MeshCell => ({ state, text, short: text });
  if (pair === undefined || pair.sent === 0) {
    if (source.read === 0 && source.unread > 0) return same('unread', '?');
    return source.name === destination.name && source.pods === 1 ? same('self', '') : same('unknown', '-');
  }
  const { sent, failed, lossPercent = 0 } = pair;
  const loss = formatPercent(lossPercent);
  if (failed === sent) return same('failing', `${failSign}${loss}`);
  const ms = pairMs(pair, value);
  const figure = value === 'loss' ? '' : ms === undefined ? 'few' : formatMs(ms);
  const heat = ms === undefined ? {} : { ms };
  if (failed > 0) {
    return { state: 'failing', text: `${figure}${failSign}${loss}`, short: `${figure || loss}${failSign}`, ...heat };
  }
  if (value === 'loss') return same('good', loss);
  return { ...same(ms === undefined ? 'few' : 'good', figure), ...heat };
}
