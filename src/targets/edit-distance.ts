// SPDX-License-Identifier: Apache-2.0

/** Edits between two short words, of which swapped neighbours are one (optimal string alignment, a restricted Damerau-Levenshtein). */
export function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const swap = row > 1 && column > 1 && isSwapped ? (beforePrevious[column - 2] ?? 0) + 1 : substitution;
      current.push(Math.min(substitution, swap, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}

/** A name in which every third letter or more is wrong is another name, not a slip. */
function slipLimit(word: string): number {
  return Math.max(1, Math.min(3, Math.floor(word.length / 3)));
}

/** Keeps the few names nearest to a word out of any number of them, so that a long list need not be held. */
export class NearestNames {
  private readonly kept: { name: string; distance: number }[] = [];

  constructor(
    private readonly word: string,
    private readonly atMost = 3,
  ) {}

  /** Offers one name. A name that begins with the word, or that the word begins with, always counts as near. */
  offer(name: string): void {
    if (this.kept.some((entry) => entry.name === name)) return;
    const limit = slipLimit(this.word);
    const prefix = name.startsWith(this.word) || (name.length > 2 && this.word.startsWith(name));
    if (!prefix && Math.abs(name.length - this.word.length) > limit) return;
    const edits = editDistance(this.word, name);
    const distance = prefix ? Math.min(limit, edits) : edits;
    if (distance > limit) return;
    this.kept.push({ name, distance });
    this.kept.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
    this.kept.length = Math.min(this.kept.length, this.atMost);
  }

  /** Nearest first. */
  names(): string[] {
    return this.kept.map((entry) => entry.name);
  }
}

/** The names nearest to a word, nearest first; empty where none is near. */
export function nearestNames(word: string, candidates: Iterable<string>, atMost = 3): string[] {
  const nearest = new NearestNames(word, atMost);
  for (const candidate of candidates) nearest.offer(candidate);
  return nearest.names();
}
