// SPDX-License-Identifier: Apache-2.0

/** ECMA-48: strings (OSC, DCS, SOS, PM, APC) with their terminator, control sequences, and two-character escapes. */
const escapeSequences =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]/g;

/** Controls, invisible formatting (bidirectional overrides, zero-width characters) and lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

/**
 * One line of text without anything that drives a terminal. Names and messages come from the cluster and from programs
 * in other people's pods, so nothing of theirs is printed before it went through here.
 */
export function plainText(text: string): string {
  return text.replace(escapeSequences, '').replace(/\s+/g, ' ').replace(unprintable, '').replace(/ {2,}/g, ' ').trim();
}
