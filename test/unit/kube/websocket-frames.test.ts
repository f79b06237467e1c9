// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, FrameReader, opcodes } from '../../../src/kube/websocket-frames.js';

/** The same frame as a server sends it: unmasked (RFC 6455, section 5.1). */
function asServer(opcode: number, payload: Buffer, final = true): Buffer {
  const masked = encodeFrame(opcode, payload);
  const headerBytes = masked.length - payload.length - 4;
  const header = Buffer.from(masked.subarray(0, headerBytes));
  header[0] = (final ? 0x80 : 0) | opcode;
  header[1] = (header[1] ?? 0) & 0x7f;
  return Buffer.concat([header, payload]);
}

const payloads = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

test('the example of RFC 6455, section 5.7: an unmasked "Hello"', () => {
  const frame = Buffer.from([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]);
  expect(new FrameReader().push(frame)).toEqual([{ opcode: opcodes.text, payload: Buffer.from('Hello') }]);
});

test('a fragmented "Hello" with a ping between its parts', () => {
  const reader = new FrameReader();
  expect(reader.push(asServer(opcodes.text, Buffer.from('Hel'), false))).toEqual([]);
  const ping = { opcode: opcodes.ping, payload: Buffer.from('?') };
  expect(reader.push(asServer(opcodes.ping, ping.payload))).toEqual([ping]);
  const whole = { opcode: opcodes.text, payload: Buffer.from('Hello') };
  expect(reader.push(asServer(opcodes.continuation, Buffer.from('lo')))).toEqual([whole]);
});

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])('a payload of %d bytes', (length) => {
  const payload = Buffer.alloc(length, 'netmachinery');
  const masked = encodeFrame(opcodes.binary, payload);
  expect((masked[1] ?? 0) & 0x80).toBe(0x80);
  const frames = new FrameReader().push(asServer(opcodes.binary, payload));
  expect(frames).toHaveLength(1);
  expect(frames[0]?.payload.equals(payload)).toBe(true);
});

test('messages survive however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(payloads, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 400 })), (messages, cuts) => {
      const stream = Buffer.concat(messages.map((payload) => asServer(opcodes.binary, payload)));
      const reader = new FrameReader();
      const seen: Buffer[] = [];
      let offset = 0;
      for (const cut of [...cuts, stream.length + 1]) {
        seen.push(...reader.push(stream.subarray(offset, offset + cut)).map(({ payload }) => Buffer.from(payload)));
        offset += cut;
      }
      expect(seen.map(String)).toEqual(messages.map(String));
    }),
  );
});

test('a frame that a client must not get is refused', () => {
  expect(() => new FrameReader().push(encodeFrame(opcodes.binary, Buffer.from('masked')))).toThrow('malformed');
  expect(() => new FrameReader().push(Buffer.from([0xc2, 0x00]))).toThrow('malformed');
  const huge = Buffer.from([0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0]);
  expect(() => new FrameReader().push(huge)).toThrow('too large');
});

test('a message that never ends is refused before it fills the memory', () => {
  const reader = new FrameReader();
  reader.push(asServer(opcodes.binary, Buffer.alloc(1), false));
  const part = asServer(opcodes.continuation, Buffer.alloc(1024 * 1024), false);
  const pushAll = () => {
    for (let parts = 0; parts < 8; parts += 1) reader.push(part);
  };
  expect(pushAll).toThrow('too large');
});
