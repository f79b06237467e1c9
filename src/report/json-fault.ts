// SPDX-License-Identifier: Apache-2.0

/** RFC 8259: one token at a place, after white space. */
const token =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/y;

/** What may come next: a value, a key or the end of what was opened, a key, a colon, or a comma or an end. */
type Expected = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'more';

/** Where a text stops being JSON; runtimes tell it in words of their own, or not at all. */
export function jsonFault(text: string): { line: number; column: number; atEnd: boolean } {
  const open: string[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  let isDone = false;
  while (!isDone) {
    token.lastIndex = offset;
    const match = token.exec(text);
    if (match === null) break;
    const [whole, mark, string] = match;
    const isValue = expected === 'value' || expected === 'valueOrEnd';
    const isKey = expected === 'key' || expected === 'keyOrEnd';
    const mayEnd = expected === 'more' || expected === 'valueOrEnd' || expected === 'keyOrEnd';
    if (isValue && (mark === '{' || mark === '[')) {
      open.push(mark);
      expected = mark === '{' ? 'keyOrEnd' : 'valueOrEnd';
    } else if (mayEnd && ((mark === '}' && open.at(-1) === '{') || (mark === ']' && open.at(-1) === '['))) {
      open.pop();
      expected = 'more';
    } else if (isValue && mark === undefined) expected = 'more';
    else if (isKey && string !== undefined) expected = 'colon';
    else if (expected === 'colon' && mark === ':') expected = 'value';
    else if (expected === 'more' && mark === ',' && open.length > 0) expected = open.at(-1) === '{' ? 'key' : 'value';
    else break;
    offset += whole.length;
    isDone = open.length === 0 && expected === 'more';
  }
  offset += /^[ \t\n\r]*/.exec(text.slice(offset))?.[0].length ?? 0;
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, atEnd: offset >= text.length };
}
