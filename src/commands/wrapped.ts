// SPDX-License-Identifier: Apache-2.0
import { plainText } from '../report/plain-text.js';
import { wrapWords } from '../report/text-width.js';
import { terminalOf } from './terminal.js';

/** A line for people as lines that fit the terminal, which would break it within words; its indentation is kept. */
export function wrapped(line: string, stream: NodeJS.WriteStream): string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const { width } = terminalOf(stream);
  return wrapWords(plainText(line).split(' '), width - indent.length).map((part) => `${indent}${part}`);
}
