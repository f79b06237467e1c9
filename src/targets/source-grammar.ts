// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { hostName, ipFamily, isDnsSubdomain } from './names.js';
import { parseObjectWord, refuseEmptyAndFlags } from './object-words.js';
import { quote } from './quote.js';
import type { ObjectSource, SelectorSource } from './refs.js';

/**
 * A source as one word (`NAME`, `TYPE/NAME`, `NAMESPACE/TYPE/NAME`) or as two (`TYPE NAME`). Throws Failure `usage`.
 */
export function parseSource(words: readonly string[]): ObjectSource {
  for (const word of words) refuseEmptyAndFlags(word);
  const text = words.join('/');
  if (words.length === 0 || words.length > 2) {
    throw new Failure('usage', 'a source is NAME, TYPE/NAME, NAMESPACE/TYPE/NAME or TYPE NAME');
  }
  refuseForeign(text);
  return { ...parseObjectWord(text), text };
}

function refuseForeign(text: string): void {
  const isHost =
    text.startsWith('host/') || (hostName(text) !== undefined && !isDnsSubdomain(text) && text.includes('.'));
  if (ipFamily(text) !== undefined || text.includes('://') || isHost) {
    throw new Failure('usage', `${quote(text)} can not be a source: packets leave from pods`, {
      hint: 'a source is a pod, a workload, a Service or a node: web-0, deploy/web, svc/api, node/worker-1',
    });
  }
  if (text.includes(':')) {
    throw new Failure('usage', `a source has no port: ${quote(text)}`, {
      hint: 'the source comes first: SRC DST:PORT',
    });
  }
}

/** A label selector of `-l`; its grammar is the API server's to judge. Throws Failure `usage` when it is empty. */
export function parseSelectorSource(selector: string): SelectorSource {
  if (selector.trim() === '') throw new Failure('usage', 'the selector is empty', { hint: 'write -l app=web' });
  return { kind: 'selector', text: selector, selector };
}
