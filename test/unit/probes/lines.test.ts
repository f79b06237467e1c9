// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../src/probes/lines.js';

const split = (chunks: string[], limit?: number) => {
  const splitter = new LineSplitter(limit);
  return [...chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk))), ...splitter.end()];
};

describe('LineSplitter', () => {
  it('joins chunks, keeps empty lines and gives the last one without a newline', () => {
    expect(split(['a\nb', 'c\r\n\nd'])).toEqual(['a', 'bc', '', 'd']);
    expect(split(['a\n'])).toEqual(['a']);
  });

  it('keeps characters whole', () => {
    const bytes = Buffer.from('grüße\n');
    const splitter = new LineSplitter();
    expect([...bytes].flatMap((_, at) => splitter.push(bytes.subarray(at, at + 1)))).toEqual(['grüße']);
  });

  it('cuts a line that is too long and goes on with the next', () => {
    expect(split(['abc', 'def', 'ghi\nxy'], 4)).toEqual(['abcd', 'xy']);
  });

  it('gives the same wherever the chunks are cut', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat(30)), (text, cuts) => {
        const edges = [0, ...cuts.filter((cut) => cut < text.length).sort((left, right) => left - right), text.length];
        const chunks = edges.slice(1).map((edge, at) => text.slice(edges[at], edge));
        expect(split(chunks)).toEqual(split([text]));
      }),
    );
  });
});
