// SPDX-License-Identifier: Apache-2.0
import { StringDecoder } from 'node:string_decoder';

/** What a message quotes of a tool's line: what is longer is no error message of any tool that we know. */
const maxQuotedLength = 200;

/** A tool's line as it is quoted in a message. */
export function quotedLine(line: string): string {
  const text = line.trim();
  return text.length > maxQuotedLength ? `${text.slice(0, maxQuotedLength)}…` : text;
}

/** The longest line kept, in UTF-16 units; no tool that we run prints longer ones, so what is beyond is noise. */
const maxLineLength = 16_384;

/**
 * Chunks of bytes to whole lines, in bounded memory. A multi-byte character or a line may be split anywhere between
 * chunks. A line longer than the limit is cut to it; the rest up to the next newline is dropped. A trailing carriage
 * return is removed.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #limit: number;
  #pending = '';

  constructor(limit: number = maxLineLength) {
    this.#limit = limit;
  }

  /** The lines that this chunk completes. */
  push(chunk: Uint8Array): string[] {
    return this.#split(this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
  }

  /** What is left without a newline, when the stream has ended. */
  end(): string[] {
    const lines = this.#split(this.#decoder.end());
    if (this.#pending !== '') lines.push(withoutCarriageReturn(this.#pending));
    this.#pending = '';
    return lines;
  }

  #split(text: string): string[] {
    const parts = text.split('\n');
    const last = parts.pop() ?? '';
    const lines: string[] = [];
    for (const part of parts) {
      lines.push(withoutCarriageReturn(this.#bounded(part)));
      this.#pending = '';
    }
    this.#pending = this.#bounded(last);
    return lines;
  }

  #bounded(more: string): string {
    const room = this.#limit - this.#pending.length;
    return room <= 0 ? this.#pending : this.#pending + more.slice(0, room);
  }
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
