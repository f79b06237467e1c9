// SPDX-License-Identifier: Apache-2.0

/** Characters that roff would change: hyphens and quotes into typographic ones, which nobody can copy. */
const characters: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** Text for roff (groff_man(7), groff_char(7)) that shows as it is, also at the beginning of a line. */
export function roffText(text: string): string {
  const safe = text
    .replaceAll(/[\\\-'`^~]/g, (character) => characters[character] ?? character)
    .replaceAll(/[^\p{ASCII}]/gu, (character) => {
      const point = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
      return `\\[u${point.padStart(4, '0')}]`;
    });
  return safe.startsWith('.') ? `\\&${safe}` : safe;
}

/** An argument of a macro. */
function quoted(text: string): string {
  return `"${roffText(text).replaceAll('"', '\\(dq')}"`;
}

export const bold = (text: string) => `\\fB${roffText(text)}\\fR`;
export const italic = (text: string) => `\\fI${roffText(text)}\\fR`;

/**
 * How a man page begins. Without a date: the same sources give the same bytes. Without hyphenation and even margins, which tear
 * the names of flags apart.
 */
export function pageHead(name: string, source: string): string[] {
  return [`.TH ${quoted(name.toUpperCase())} 1 "" ${quoted(source)} ${quoted('kubectl')}`, '.nh', '.ad l'];
}

export function heading(title: string): string {
  return `.SH ${quoted(title.toUpperCase())}`;
}

export function subheading(title: string): string {
  return `.SS ${quoted(title)}`;
}

/** Each in a paragraph of its own. */
export function textParagraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text) => ['.PP', roffText(text)]);
}

/** A term and what it means; the term is roff already. */
export function tagged(term: string, text: string): string[] {
  return ['.TP', term, text === '' ? '\\&' : roffText(text)];
}

/** Lines as they are. */
export function literal(lines: readonly string[]): string[] {
  return ['.PP', '.RS 4', '.nf', ...lines.map((line) => (line === '' ? '.sp' : roffText(line))), '.fi', '.RE'];
}

/** The lines as a page; a paragraph begins by itself below a heading. */
export function pageText(lines: readonly string[]): string {
  const isDoubled = (line: string, index: number) => line === '.PP' && /^\.S[HS] /.test(lines[index - 1] ?? '');
  return `${lines.filter((line, index) => !isDoubled(line, index)).join('\n')}\n`;
}
