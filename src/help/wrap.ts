// SPDX-License-Identifier: Apache-2.0

/** The words of a text in lines of at most `width` characters; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Lines with something before each. */
export function indent(lines: readonly string[], by = '  '): string[] {
  return lines.map((line) => (line === '' ? '' : by + line));
}

/**
 * Two columns: what is on the right begins at the same place in all rows, and stands one line lower where the left is longer
 * than `column`.
 */
export function twoColumns(
  rows: readonly (readonly [left: string, right: string])[],
  { column, width }: { column: number; width: number },
): string[] {
  const gap = 2;
  return rows.flatMap(([left, right]) => {
    const [first = '', ...more] = wrap(right, width - column - gap);
    const margin = ' '.repeat(column + gap);
    const below = more.map((line) => margin + line);
    if (left.length > column) return [left, ...(first === '' ? [] : [margin + first]), ...below];
    return [`${left.padEnd(column + gap)}${first}`.trimEnd(), ...below];
  });
}
