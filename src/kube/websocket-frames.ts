// SPDX-License-Identifier: Apache-2.0
import { randomFillSync } from 'node:crypto';

/** RFC 6455, section 11.8. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** API servers and kubelets send at most 32 KiB at once; a message is held in memory until it is whole. */
const largestMessage = 4 * 1024 * 1024;

/** A whole message or a control frame. */
export interface Frame {
  opcode: number;
  payload: Buffer;
}

/** A frame from a client: final and masked (RFC 6455, sections 5.2 and 5.3). */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const headerBytes = 2 + lengthBytes;
  const frame = Buffer.allocUnsafe(headerBytes + 4 + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) frame.writeUInt16BE(length, 2);
  if (lengthBytes === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  const mask = randomFillSync(frame.subarray(headerBytes, headerBytes + 4));
  const body = headerBytes + 4;
  for (let index = 0; index < length; index += 1) {
    frame[body + index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  }
  return frame;
}

/** Puts a server's frames together to messages. `push` throws on what RFC 6455 forbids. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);
  #fragments: Buffer[] = [];
  #fragmentBytes = 0;
  #fragmentedOpcode = 0;

  push(chunk: Buffer): Frame[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const frames: Frame[] = [];
    for (;;) {
      const frame = this.#next();
      if (frame === undefined) return frames;
      if (frame !== 'partial') frames.push(frame);
    }
  }

  #next(): Frame | 'partial' | undefined {
    const data = this.#pending;
    if (data.length < 2) return undefined;
    const [first = 0, second = 0] = data;
    if ((first & 0x70) !== 0 || (second & 0x80) !== 0) throw new Error('malformed WebSocket frame');
    let length = second & 0x7f;
    let offset = 2;
    if (length === 126) {
      offset = 4;
      if (data.length < offset) return undefined;
      length = data.readUInt16BE(2);
    } else if (length === 127) {
      offset = 10;
      if (data.length < offset) return undefined;
      const long = data.readBigUInt64BE(2);
      if (long > BigInt(largestMessage)) throw new Error('WebSocket frame too large');
      length = Number(long);
    }
    if (data.length < offset + length) return undefined;
    const payload = data.subarray(offset, offset + length);
    this.#pending = data.subarray(offset + length);
    return this.#assemble(first & 0x0f, (first & 0x80) !== 0, payload);
  }

  #assemble(opcode: number, final: boolean, payload: Buffer): Frame | 'partial' {
    if (opcode >= opcodes.close) return { opcode, payload };
    if (opcode !== opcodes.continuation) this.#fragmentedOpcode = opcode;
    if (final && this.#fragments.length === 0) return { opcode: this.#fragmentedOpcode, payload };
    this.#fragmentBytes += payload.length;
    if (this.#fragmentBytes > largestMessage) throw new Error('WebSocket message too large');
    this.#fragments.push(payload);
    if (!final) return 'partial';
    const whole = Buffer.concat(this.#fragments);
    this.#fragments = [];
    this.#fragmentBytes = 0;
    return { opcode: this.#fragmentedOpcode, payload: whole };
  }
}
