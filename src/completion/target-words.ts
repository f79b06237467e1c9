// SPDX-License-Identifier: Apache-2.0
import { isDnsLabel } from '../targets/names.js';
import { resourceKind, resourceKinds, shortType, type ResourceKind } from '../targets/resource-types.js';
import type { Offer } from './answer.js';
import { nothing, type ListedKind, type ObjectRef, type Wanted } from './wanted.js';

/** What a word in the place of a target may be. */
export interface TargetGrammar {
  /** Kinds that are named as `TYPE/NAME`; where pods are among them, a bare word is one. */
  kinds: readonly ResourceKind[];
  /** Whether it is `NAME:PORT`. */
  ports: boolean;
}

/** A pod, what has pods behind it, or a node. */
export const anyTarget: TargetGrammar = { kinds: resourceKinds, ports: false };
/** The same with a port. */
export const anyAddress: TargetGrammar = { kinds: resourceKinds, ports: true };

/** Pods and workloads have to be given a port; a Service has some of its own, and may be given one. */
const afterName = (kind: ListedKind, { ports }: TargetGrammar) => (ports && kind !== 'service' ? ':' : '');

/** The type words that a word may become: the short ones, and long ones for who writes those. */
function typeOffers(start: string, before: string, { kinds }: TargetGrammar): Offer[] {
  return kinds.flatMap((kind) => {
    const type = [shortType(kind), kind, `${kind}s`].find((spelling) => spelling.startsWith(start));
    return type === undefined ? [] : [{ word: `${before}${type}/`, description: `names of ${kind}s` }];
  });
}

/** The object that a target word names, if it can be told. */
export function objectOf(word: string): ObjectRef | undefined {
  const [name = '', type = 'pod', namespace, ...more] = word.split('/').reverse();
  const kind = resourceKind(type);
  return kind === undefined || name === '' || more.length > 0 ? undefined : { kind, namespace, name };
}

/** Ports behind the colon, the last of several with commas. */
function portChoices(address: string, scheme: string, object: ObjectRef | undefined): Wanted {
  if (object === undefined) return nothing;
  const start = Math.max(address.lastIndexOf(','), address.lastIndexOf(':')) + 1;
  return {
    offers: [],
    lookup: { of: 'ports', object, named: /^[a-z]/i.test(address.slice(start)) },
    before: scheme + address.slice(0, start),
  };
}

function nameChoices(kind: ListedKind, namespace: string | undefined, before: string, grammar: TargetGrammar): Wanted {
  const after = afterName(kind, grammar);
  return { offers: [], lookup: { of: 'names', kind, namespace }, before, after, noSpace: grammar.ports };
}

function bareChoices(word: string, scheme: string, grammar: TargetGrammar): Wanted {
  const offers = typeOffers(word, scheme, grammar);
  if (!grammar.kinds.includes('pod')) return { offers };
  return { ...nameChoices('pod', undefined, scheme, grammar), offers };
}

/** A name behind a type that is a word of its own (`deploy web`). */
function nameOfType(word: string, kind: ResourceKind, grammar: TargetGrammar): Wanted {
  const colon = word.indexOf(':');
  if (colon < 0) return nameChoices(kind, undefined, '', grammar);
  return grammar.ports ? portChoices(word, '', { kind, name: word.slice(0, colon) }) : nothing;
}

/** What a target that begins so may become: `NAME`, `TYPE/NAME`, `NAMESPACE/TYPE/NAME`, with ports where it has some. */
export function targetChoices(word: string, grammar: TargetGrammar, type?: ResourceKind): Wanted {
  if (type !== undefined) return nameOfType(word, type, grammar);
  const [, scheme = '', rest = ''] = /^((?:tcp|udp):\/\/)?(.*)$/is.exec(word) ?? [];
  if ((scheme !== '' && !grammar.ports) || /^(?:host\/|\[)/.test(rest)) return nothing;
  const colon = rest.indexOf(':');
  if (colon >= 0) return grammar.ports ? portChoices(rest, scheme, objectOf(rest.slice(0, colon))) : nothing;
  const [first = '', second, third, ...more] = rest.split('/');
  if (second === undefined) return bareChoices(first, scheme, grammar);
  const known = (spelling: string) => grammar.kinds.find((kind) => kind === resourceKind(spelling));
  const kind = known(first);
  if (third === undefined) {
    if (kind !== undefined) return nameChoices(kind, undefined, `${scheme}${first}/`, grammar);
    return isDnsLabel(first) ? { offers: typeOffers(second, `${scheme}${first}/`, grammar) } : nothing;
  }
  const inNamespace = more.length === 0 && isDnsLabel(first) ? known(second) : undefined;
  if (inNamespace === undefined) return nothing;
  return nameChoices(inNamespace, first, `${scheme}${first}/${second}/`, grammar);
}

/** Target words with `TYPE NAME` as one, and the type that still waits for its name. */
export function readTargets(list: readonly string[]): { targets: readonly string[]; type?: ResourceKind } {
  const targets: string[] = [];
  let type: string | undefined;
  for (const word of list) {
    if (type === undefined && resourceKind(word) !== undefined) {
      type = word;
      continue;
    }
    targets.push(type === undefined ? word : `${type}/${word}`);
    type = undefined;
  }
  const kind = type === undefined ? undefined : resourceKind(type);
  return { targets, ...(kind === undefined ? {} : { type: kind }) };
}
