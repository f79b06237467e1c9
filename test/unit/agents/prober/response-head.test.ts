// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestHeadBytes, ResponseHead } from '../../../../src/agents/prober/response-head.js';

const usual = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 5\r\n\r\npong\n';
type Outcome = ReturnType<ResponseHead['take']>;

/** What comes of bytes that come in parts of these sizes, the rest in one. */
function outcomeOf(bytes: Uint8Array, sizes: readonly number[] = []): Outcome {
  const head = new ResponseHead();
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    const outcome = head.take(bytes.subarray(at, at + size));
    if (outcome !== undefined) return outcome;
    at += size;
  }
  return undefined;
}
const outcomeOfText = (text: string): Outcome => outcomeOf(Buffer.from(text, 'latin1'));

describe('ResponseHead', () => {
  it.each<[string, Outcome]>([
    [usual, 200],
    ['HTTP/1.0 503 Service Unavailable\r\n\r\n', 503],
    ['HTTP/1.1 204\r\n\r\n', 204],
    ['HTTP/1.1 200 OK\nserver: x\n\n', 200],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n', 404],
    ['HTTP/1.1 101 Switching Protocols\r\n\r\n', 101],
    ['HTTP/1.1 200 OK\r\ncontent-length: 5\r\n', undefined],
    ['HTTP/1.1 100 Continue\r\n\r\n', undefined],
    ['HTTP', undefined],
    ['', undefined],
    ['SSH-2.0', 'invalid'],
    ['HTTP/2 200\r\n\r\n', 'invalid'],
    ['HTTP/1.1 2000 OK\r\n\r\n', 'invalid'],
    ['HTTP/1.1\r\n\r\n', 'invalid'],
    ['\r\n', 'invalid'],
  ])('reads %j', (text, outcome) => expect(outcomeOfText(text)).toBe(outcome));

  it('reads the same however it is cut', () => {
    const bytes = Buffer.from(usual);
    const sizes = fc.array(fc.nat({ max: 20 }));
    fc.assert(fc.property(sizes, (parts) => outcomeOf(bytes, parts) === 200));
  });

  it('throws for no bytes, and its outcome does not depend on how they are cut', () => {
    const start = fc.constantFrom('', 'HTTP/1.', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 100 Continue\r\n\r\n');
    const bytes = fc.tuple(start, fc.uint8Array()).map(([text, rest]) => Buffer.concat([Buffer.from(text), rest]));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat({ max: 9 })), (all, parts) => outcomeOf(all, parts) === outcomeOf(all)),
    );
  });

  it('does not go on for ever', () => {
    const opening = 'HTTP/1.1 200 OK\r\nx: ';
    const most = `${opening}${'y'.repeat(longestHeadBytes - opening.length - 4)}\r\n\r\n`;
    expect(outcomeOfText(most)).toBe(200);
    expect(outcomeOfText(`${opening}${'y'.repeat(longestHeadBytes)}`)).toBe('invalid');
    expect(outcomeOfText('HTTP/1.1 102 Processing\r\n\r\n'.repeat(1000))).toBe('invalid');
  });
});
