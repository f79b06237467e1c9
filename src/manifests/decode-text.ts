// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

/**
 * The text of a file in UTF-8, without a byte order mark unless that is to be kept. Throws Failure `usage` for other
 * encodings and for what is no text.
 */
export function decodeText(bytes: Uint8Array, keepMark = false): string {
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Failure('usage', 'is UTF-16', { hint: 'save it as UTF-8' });
  }
  // No text has it, and every program and image does.
  if (bytes.includes(0)) throw new Failure('usage', 'is no text file');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: keepMark }).decode(bytes);
  } catch (thrown) {
    throw new Failure('usage', 'is not UTF-8', { hint: 'save it as UTF-8', cause: thrown });
  }
}
