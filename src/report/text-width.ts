// SPDX-License-Identifier: Apache-2.0
import stringWidth from 'string-width';

const printableAscii = /^[ -~]*$/;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a text takes on a terminal; the same measure that cli-table3 pads by. */
export function displayWidth(text: string): number {
  return printableAscii.test(text) ? text.length : stringWidth(text);
}

/** The longest prefix, or suffix, of whole characters that takes at most `width` columns. */
function longestPart(characters: readonly string[], width: number, end: 'start' | 'end'): string {
  let part = '';
  for (const character of end === 'start' ? characters : characters.toReversed()) {
    const longer = end === 'start' ? part + character : character + part;
    if (displayWidth(longer) > width) break;
    part = longer;
  }
  return part;
}

/** What a reader takes for one character each. */
export function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The text in at most `width` columns, its middle replaced by `…`: both ends of a pod's name tell it from its kin. */
export function shortenMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  const characters = charactersOf(text);
  const tail = longestPart(characters, Math.floor((width - 1) / 2), 'end');
  const head = longestPart(characters, width - 1 - displayWidth(tail), 'start');
  return `${head}…${tail}`;
}

/** The text padded with spaces on its right to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/**
 * Words set into lines of at most `width` columns, lines after the first indented by two. A word is kept whole unless
 * it alone is wider than a line.
 */
export function wrapWords(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const joined = line.trim() === '' ? line + word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line.trim() !== '') lines.push(line);
    line = lines.length === 0 ? '' : '  ';
    for (const character of charactersOf(word)) {
      if (displayWidth(line + character) > width && line.trim() !== '') {
        lines.push(line);
        line = '  ';
      }
      line += character;
    }
  }
  return line.trim() === '' ? lines : [...lines, line];
}
