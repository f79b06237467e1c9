// SPDX-License-Identifier: Apache-2.0
import { basename, extname } from 'node:path';

/** What a suite is called that has no name of its own: its file, without folder and ending. */
export function nameOfFile(file: string): string {
  return basename(file, extname(file));
}
