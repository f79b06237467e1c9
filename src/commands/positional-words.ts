// SPDX-License-Identifier: Apache-2.0
import type { Interfaces } from '@oclif/core';

/**
 * The positional words in the order in which they were written. oclif's own `argv` is sorted by the first place where a
 * word occurs, be it as the value of a flag, which turns `pod a pod b` and `-n b a b` round.
 */
export function positionalWords(raw: Interfaces.ParserOutput['raw']): string[] {
  return raw.flatMap((token) => (token.type === 'arg' ? [token.input] : []));
}
