// SPDX-License-Identifier: Apache-2.0
import type { Row } from './row.js';

/** What a measurement works with. */
export interface BenchContext {
  /** A namespace of the bench's own, made on first use and deleted at the end. */
  namespace: () => Promise<string>;
  signal: AbortSignal;
  progress: (line: string) => void;
}

/** A group of measurements that `--only` can choose. */
export interface Bench {
  name: string;
  summary: string;
  measure: (context: BenchContext) => Promise<Row[]>;
}
