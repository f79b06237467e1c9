// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { ResultDestination, ResultSource } from '../model/report.js';
import { memberText, sourceKey } from './destination-label.js';
import { formatMs, formatPercent } from './figures.js';
import { plainText } from './plain-text.js';
import { sparkline } from './sparkline.js';
import { displayWidth, padEnd, shortenMiddle } from './text-width.js';
import { verdictPainter } from './verdict-style.js';

/** One packet, or one attempt, as it comes in. */
export interface LiveSample {
  source: Pick<ResultSource, 'namespace' | 'pod'>;
  destination: ResultDestination;
  /** Counted from 0 by the probe. */
  seq: number;
  /** Round-trip or connect time in ms; absent where nothing came back. */
  ms?: number;
  /** Why nothing came back. */
  reason?: Reason;
}

/** Where the lines go: `width` and, for a view that is redrawn, `height` in characters. */
export interface LiveOptions {
  width: number;
  height?: number;
  color: boolean;
}

/** What is known of one source and destination while watching. */
interface WatchedPair {
  source: string;
  destination: string;
  /** The last samples, oldest first; undefined is a loss. */
  recent: readonly (number | undefined)[];
  sent: number;
  received: number;
  totalMs: number;
}

/** The state of `--watch`: each pair in the order of its first sample. */
export type WatchState = ReadonlyMap<string, WatchedPair>;

export const emptyWatch: WatchState = new Map();

/** Samples kept of a pair: more than a wide terminal shows. */
const recentSamples = 300;

function pairLabel(source: string, destination: string): string {
  return `${source} → ${destination}`;
}

/** A line a sample: `web-0 → api-1 (198.19.1.7)  seq 3  0.21 ms`. */
export function liveLine(sample: LiveSample, { width, color }: Omit<LiveOptions, 'height'>): string {
  const { destination, seq, ms, reason = 'NoReply' } = sample;
  const figure = ms === undefined ? reason : `${formatMs(ms)} ms`;
  const address = plainText(destination.address);
  const label = pairLabel(plainText(sample.source.pod), memberText(destination));
  const named = address === '' || label.endsWith(address) ? label : `${label} (${address})`;
  const end = `  seq ${seq}  ${figure}`;
  const painted = ms === undefined ? verdictPainter(color)('fail', figure) : figure;
  const room = Math.max(8, width - displayWidth(end));
  return `${shortenMiddle(named, room)}${end.slice(0, end.length - figure.length)}${painted}`;
}

/** The state after one more sample. */
export function watchSample(state: WatchState, sample: LiveSample): WatchState {
  const { address, port, protocol } = sample.destination;
  const key = [sourceKey({ node: '', ip: '', ...sample.source }), address, port, protocol].join('\n');
  const before = state.get(key) ?? {
    source: plainText(sample.source.pod),
    destination: memberText(sample.destination),
    recent: [],
    sent: 0,
    received: 0,
    totalMs: 0,
  };
  const after: WatchedPair = {
    source: before.source,
    destination: before.destination,
    recent: [...before.recent.slice(1 - recentSamples), sample.ms],
    sent: before.sent + 1,
    received: before.received + (sample.ms === undefined ? 0 : 1),
    totalMs: before.totalMs + (sample.ms ?? 0),
  };
  return new Map(state).set(key, after);
}

function watchFigures({ recent, sent, received, totalMs }: WatchedPair): string {
  const last = recent.at(-1);
  const lastText = last === undefined ? 'lost' : formatMs(last);
  const avgText = received === 0 ? '-' : formatMs(totalMs / received);
  const lossText = formatPercent(((sent - received) / sent) * 100);
  return `last ${lastText.padStart(5)}  avg ${avgText.padStart(5)} ms  loss ${lossText.padStart(4)}`;
}

/** The whole view, to be drawn over the one before: a line a pair with its sparkline and figures. */
export function watchLines(state: WatchState, { width, height = Infinity, color }: LiveOptions): string[] {
  const paint = verdictPainter(color);
  const pairs = [...state.values()];
  const shown = pairs.length > height ? pairs.slice(0, Math.max(0, height - 1)) : pairs;
  const figuresWidth = Math.max(0, ...shown.map((pair) => displayWidth(watchFigures(pair))));
  // With one source, its name would only take room from what differs.
  const oneSource = new Set(pairs.map(({ source }) => source)).size === 1;
  const labels = shown.map(({ source, destination }) => (oneSource ? destination : pairLabel(source, destination)));
  const longest = Math.max(0, ...labels.map((label) => displayWidth(label)));
  const labelWidth = Math.min(longest, width, Math.max(8, Math.floor((width - figuresWidth - 4) * 0.6)));
  // A line that is folded by the terminal would be missed by the next redraw.
  const figuresRoom = Math.max(0, width - labelWidth - 2);
  const room = Math.min(recentSamples, width - labelWidth - figuresWidth - 4);
  const lines = shown.map((pair, row) => {
    const figures = watchFigures(pair).padEnd(figuresWidth).slice(0, figuresRoom);
    const bars = room < 1 ? '' : `${padEnd(sparkline(pair.recent.slice(-room)), room)}  `;
    const label = padEnd(shortenMiddle(labels[row] ?? '', labelWidth), labelWidth);
    const painted = bars.replace(/×+/g, (losses) => paint('fail', losses));
    if (figures === '') return label;
    return `${label}  ${painted}${pair.recent.at(-1) === undefined ? paint('fail', figures) : figures}`;
  });
  const more = pairs.length - shown.length;
  if (more === 0) return lines;
  return [...lines, shortenMiddle(`… and ${more} more ${more === 1 ? 'pair' : 'pairs'}`, width)];
}
