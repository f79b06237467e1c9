// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface BrokenFile {
  /** Without its ending. */
  name: string;
  text: string;
  /** Every line that is said of it. */
  expected: string[];
  /** The schema has nothing against it. */
  onlyReader: boolean;
}

const folder = join(import.meta.dirname, 'broken');

/** Files with mistakes (`NAME.yaml`), and what is said of each (`NAME.expected`). */
export const brokenFiles: BrokenFile[] = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .sort()
  .map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return {
      name: file.slice(0, -'.yaml'.length),
      text,
      expected: readFileSync(join(folder, file.replace(/yaml$/, 'expected')), 'utf8')
        .trimEnd()
        .split('\n'),
      onlyReader: text.startsWith('# Only the reader can know.\n'),
    };
  });
