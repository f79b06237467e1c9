// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

/** What a body has to contain. */
export interface BodyExpectation {
  /** As a person wrote it. */
  text: string;
  matches(body: string): boolean;
}

/** A text that is contained, or a regular expression between slashes, with flags. Throws a usage Failure. */
export function parseBodyExpectation(text: string): BodyExpectation {
  if (text === '') throw new Failure('usage', 'the expected body is empty: every body contains that');
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? [];
  if (source === undefined) return { text, matches: (body) => body.includes(text) };
  try {
    // With `g` or `y` it would remember where the last match was.
    const pattern = new RegExp(source, (flags ?? '').replace(/[gy]/g, ''));
    return { text, matches: (body) => pattern.test(body) };
  } catch (thrown) {
    throw new Failure('usage', `${text} is not a regular expression`, { cause: thrown });
  }
}
