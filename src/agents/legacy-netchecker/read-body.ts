// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';

/** Of one report: a real one has some kilobytes, most of them zeros that only fill packets. */
export const longestBody = 2 * 1024 * 1024;
/** Of all reports that are being received. */
const mostBytes = 16 * longestBody;

/** Reads bodies within bounds, whoever sends them and however slowly. */
export class BodyReader {
  private held = 0;

  /** The body; `tooLong`, or `busy` where too many are under way. Throws where the connection breaks. */
  async read(request: IncomingMessage): Promise<{ text: string } | 'tooLong' | 'busy'> {
    if (Number(request.headers['content-length'] ?? 0) > longestBody) return 'tooLong';
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      // Leaving the loop would destroy the connection before it is answered.
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        const bytes = chunk as Buffer;
        length += bytes.length;
        this.held += bytes.length;
        if (length > longestBody) return 'tooLong';
        if (this.held > mostBytes) return 'busy';
        chunks.push(bytes);
      }
      return { text: Buffer.concat(chunks).toString() };
    } finally {
      this.held -= length;
    }
  }
}
