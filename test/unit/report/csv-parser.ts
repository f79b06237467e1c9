// SPDX-License-Identifier: Apache-2.0

/** Rows of an RFC 4180 file, read a character at a time; throws on what the RFC does not allow. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text;
  while (rest !== '') {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const bare = /^[^",\r\n]*/.exec(rest);
    const [raw = ''] = quoted ?? bare ?? [];
    row.push(quoted === null ? raw : (quoted[1] ?? '').replaceAll('""', '"'));
    rest = rest.slice(raw.length);
    if (rest.startsWith(',')) {
      rest = rest.slice(1);
    } else if (rest.startsWith('\r\n')) {
      rows.push(row);
      row = [];
      rest = rest.slice(2);
    } else {
      throw new Error(`not RFC 4180 at ${JSON.stringify(rest.slice(0, 20))}`);
    }
  }
  return rows;
}
