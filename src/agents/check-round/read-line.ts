// SPDX-License-Identifier: Apache-2.0
import type { Readable } from 'node:stream';
import { Failure } from '../../errors/failure.js';

/** The first line, without its end, of a stream that may stay open; it is not read any further. Throws Failure(usage). */
export async function readLine(stream: Readable, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop ends the stream, so that it keeps no process alive.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const end = chunk.indexOf('\n');
    chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
    bytes += chunk.length;
    if (end >= 0) return Buffer.concat(chunks).toString();
    if (bytes > mostBytes) throw new Failure('usage', `the line is longer than ${mostBytes} bytes`);
  }
  throw new Failure('usage', 'standard input ended before a line did');
}
