// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { quote } from '../targets/quote.js';
import { isLabelKey, isLabelValue } from './pod-labels.js';

const example = 'write it such as app=web, tier!=test or app in (web,api)';

/**
 * Checks a label selector as kubectl's -l takes it (k8s.io/apimachinery labels.Parse), which the API server would refuse
 * without a place. Throws Failure `usage`.
 */
export function checkSelectorText(selector: string): void {
  if (selector.trim() === '') throw new Failure('usage', 'the selector is empty', { hint: example });
  // Commas within parentheses belong to a set.
  if (selector.split(/,(?![^(]*\))/).every((term) => isTerm(term.trim()))) return;
  throw new Failure('usage', `${quote(selector)} is no label selector`, { hint: example });
}

function isTerm(term: string): boolean {
  const set = /^(\S+)\s+(?:in|notin)\s*\(([^()]*)\)$/.exec(term);
  const pair = /^([^\s=!<>]+)\s*(?:==|=|!=|<|>)\s*([^\s=!<>]*)$/.exec(term);
  const exists = /^!?\s*([^\s=!<>]+)$/.exec(term);
  const [, key, values = ''] = set ?? pair ?? exists ?? [];
  if (key === undefined || !isLabelKey(key)) return false;
  return values.split(',').every((value) => isLabelValue(value.trim()));
}
