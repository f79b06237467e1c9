// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import { notNow, Refused } from './answer.js';

/** Bytes of all bodies that are being read. */
const mostBytes = 48 * 1024 * 1024;
let held = 0;

/** The text of a body. Throws Refused where it is longer than `longest` (413), no UTF-8 (400), or too much is being read at once (503). */
export async function readBody(request: IncomingMessage, longest: number): Promise<string> {
  const tooLarge = new Refused(413, `the body has more than ${longest} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > longest) throw tooLarge;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Leaving the loop would destroy the connection before it is answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      length += bytes.length;
      held += bytes.length;
      if (length > longest) throw tooLarge;
      if (held > mostBytes) throw notNow('too much is being sent at once');
      chunks.push(bytes);
    }
    const [only = Buffer.alloc(0)] = chunks;
    return decoded(chunks.length < 2 ? only : Buffer.concat(chunks));
  } finally {
    held -= length;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function decoded(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Refused(400, 'the body must be UTF-8');
  }
}
