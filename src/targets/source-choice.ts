// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { quote } from './quote.js';

/** Which of the candidates become sources: `one` (first by name, ready first), `all`, `random` (one), so many, or a share. */
export type SourceMode = 'one' | 'all' | 'random' | number | `${number}%`;

/** `--mode`. Throws Failure `usage`. */
export function parseMode(text: string): SourceMode {
  if (text === 'one' || text === 'all' || text === 'random') return text;
  const match = /^(\d{1,6})(%?)$/.exec(text);
  const value = Number(match?.[1] ?? 0);
  if (value >= 1 && (match?.[2] === '' || value <= 100)) return match?.[2] === '' ? value : `${value}%`;
  throw new Failure('usage', `${quote(text)} is no mode`, { hint: 'modes are one, all, random, 3 or 30%' });
}

/** 0: ready; 1: running; 2: not running, only taken where nothing else is there or all are asked for. */
export type Rank = 0 | 1 | 2;

interface Candidate<T> {
  name: string;
  rank: Rank;
  value: T;
}

function byRankAndName(a: Candidate<unknown>, b: Candidate<unknown>): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

/** Takes candidates as pages come and holds no more of them than may be chosen. */
export class SourceChoice<T> {
  private readonly first: Candidate<T>[] = [];
  private readonly drawn: Partial<Record<'running' | 'other', T>> = {};
  private readonly count = { running: 0, other: 0 };

  constructor(
    /** What the user named, for messages. */
    private readonly text: string,
    private readonly mode: SourceMode,
    private readonly maxPods: number,
    private readonly random: () => number,
  ) {}

  /** How many were offered. */
  get total(): number {
    return this.count.running + this.count.other;
  }

  /** Offers one candidate. */
  offer(candidate: Candidate<T>): void {
    const pool = candidate.rank === 2 ? 'other' : 'running';
    this.count[pool]++;
    if (this.mode === 'random') {
      // Reservoir sampling: every candidate of the pool is as likely as any other, however many follow.
      if (this.random() * this.count[pool] < 1) this.drawn[pool] = candidate.value;
      return;
    }
    const capacity = this.mode === 'one' ? 1 : this.maxPods;
    const last = this.first.at(-1);
    if (this.first.length >= capacity && last !== undefined && byRankAndName(candidate, last) > 0) return;
    const place = this.first.findIndex((kept) => byRankAndName(candidate, kept) < 0);
    this.first.splice(place < 0 ? this.first.length : place, 0, candidate);
    if (this.first.length > capacity) this.first.pop();
  }

  /** The chosen; empty where nothing was offered. Throws Failure `usage` for more than `maxPods` or fewer than asked for. */
  chosen(): T[] {
    if (this.total === 0) return [];
    const pool = this.count.running > 0 ? 'running' : 'other';
    if (this.mode === 'random') return [this.drawn[pool] as T];
    const available = this.mode === 'all' ? this.total : this.count[pool];
    const wanted = this.wanted(available);
    if (wanted > available) {
      throw new Failure('usage', `--mode ${this.mode} asks for ${wanted} pods, and ${this.text} has ${available}`, {
        hint: 'use --mode all for as many as there are',
      });
    }
    if (wanted > this.maxPods) {
      const has = wanted === available ? '' : ` of ${available}`;
      throw new Failure('usage', `${this.text} means ${wanted} pods${has}, more than --max-pods ${this.maxPods}`, {
        hint: `use --max-pods ${wanted}, or --mode one, random or ${this.maxPods}`,
      });
    }
    return this.first.slice(0, wanted).map(({ value }) => value);
  }

  private wanted(available: number): number {
    if (this.mode === 'all') return available;
    if (typeof this.mode === 'number') return this.mode;
    if (this.mode === 'one' || this.mode === 'random') return 1;
    return Math.ceil((available * Number.parseInt(this.mode, 10)) / 100);
  }
}
