// SPDX-License-Identifier: Apache-2.0

/** A user's word for a one-line message: quoted, characters that no terminal should get escaped, at most 80 characters. */
export function quote(word: string): string {
  const quoted = JSON.stringify(word.length > 80 ? `${word.slice(0, 77)}...` : word);
  return quoted.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}
