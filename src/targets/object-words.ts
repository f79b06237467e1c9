// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { Failure } from '../errors/failure.js';
import { isDnsLabel, isDnsSubdomain } from './names.js';
import { quote } from './quote.js';
import {
  nameGrammar,
  nearestResourceSpelling,
  resourceKind,
  resourceKinds,
  shortType,
  type ResourceKind,
} from './resource-types.js';

/** An object of the cluster as a word names it. */
export interface ObjectWord {
  kind: ResourceKind;
  namespace?: string;
  name: string;
}

/** Refuses what no target begins with. Throws Failure `usage`. */
export function refuseEmptyAndFlags(word: string): void {
  if (word === '') throw new Failure('usage', 'a target is empty', { hint: 'a variable of your shell may be unset' });
  if (word.startsWith('-')) {
    throw new Failure('usage', `${quote(word)} is no target: names do not begin with a hyphen`, {
      hint: 'flags stand before --, see --help',
    });
  }
}

/** `NAME`, `TYPE/NAME` or `NAMESPACE/TYPE/NAME`. Throws Failure `usage`. */
export function parseObjectWord(word: string): ObjectWord {
  refuseEmptyAndFlags(word);
  const parts = word.split('/');
  const [name = '', type, namespace] = parts.reverse();
  if (parts.length > 3) {
    throw new Failure('usage', `${quote(word)} has too many slashes`, { hint: 'write NAMESPACE/TYPE/NAME' });
  }
  const kind = type === undefined ? 'pod' : kindOf(type, name, word);
  requireName(kind, name, word);
  if (namespace === undefined) return { kind, name };
  if (!isDnsLabel(namespace)) {
    throw new Failure('usage', `${quote(namespace)} in ${quote(word)} is no namespace`, { hint: nameRule('label') });
  }
  return { kind, namespace, name };
}

function kindOf(type: string, name: string, word: string): ResourceKind {
  const kind = resourceKind(type);
  if (kind !== undefined) return kind;
  if (isIP(type) !== 0) {
    throw new Failure('usage', `${quote(word)} is a range of addresses`, { hint: `name one address, such as ${type}` });
  }
  const nearest = nearestResourceSpelling(type);
  const isName = isDnsSubdomain(name);
  const known = `types are ${resourceKinds.map(shortType).join(', ')}`;
  const otherNamespace = isName && isDnsLabel(type) ? `; a pod of namespace ${type} is ${type}/pod/${name}` : '';
  throw new Failure('usage', `unknown type ${quote(type)} in ${quote(word)}`, {
    hint: nearest !== undefined && isName ? `did you mean ${nearest}/${name}?` : `${known}${otherNamespace}`,
  });
}

function requireName(kind: ResourceKind, name: string, word: string): void {
  const grammar = nameGrammar(kind);
  if (grammar === 'label' ? isDnsLabel(name) : isDnsSubdomain(name)) return;
  if (name === '') throw new Failure('usage', `a name is missing in ${quote(word)}`, { hint: 'write TYPE/NAME' });
  throw new Failure('usage', `${quote(name)} can not be the name of a ${kind}`, { hint: nameRule(grammar) });
}

function nameRule(grammar: 'label' | 'subdomain'): string {
  const characters =
    grammar === 'label' ? "lower-case letters, digits and '-'" : "lower-case letters, digits, '-' and '.'";
  const length = grammar === 'label' ? 63 : 253;
  return `names have ${characters}, at most ${length}, and begin and end with a letter or digit`;
}
