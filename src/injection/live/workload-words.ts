// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { parseObjectWord, type ObjectWord } from '../../targets/object-words.js';
import { quote } from '../../targets/quote.js';
import { resourceKind, type ResourceKind } from '../../targets/resource-types.js';
import { joinTypesAndNames } from '../../targets/target-arguments.js';
import { injectableKinds, type InjectableKind } from './workload.js';

/** Which workloads are meant: by name, or all of some kinds in a namespace by label. */
export type WorkloadScope =
  | { by: 'name'; words: (ObjectWord & { kind: InjectableKind })[] }
  | { by: 'selector'; kinds: InjectableKind[]; selector: string };

const instead: Partial<Record<ResourceKind, string>> = {
  job: 'the template of a Job cannot be changed: delete it and create it from injected YAML (kubectl netmachinery inject -f FILE)',
  replicaset: 'name the Deployment that it belongs to',
  service: 'name the workload behind it, such as deploy/NAME',
  node: 'name workloads, such as ds/NAME',
};

/** Words and `-l` as what they mean; `TYPE NAME NAME` are several of a type, as in kubectl. Throws Failure `usage`. */
export function workloadScope(words: readonly string[], selector: string | undefined): WorkloadScope {
  if (selector !== undefined) return bySelector(words, selector);
  if (words.length === 0) {
    throw new Failure('usage', 'no workload was specified', {
      hint: 'name some, such as deploy/web sts/db, or say -f FILE',
    });
  }
  const named = joinTypesAndNames(withTypes(words)).map((word) => {
    const object = parseObjectWord(word);
    return { ...object, kind: injectable(object.kind, word) };
  });
  const unique = new Map(named.map((object) => [`${object.namespace ?? ''}/${object.kind}/${object.name}`, object]));
  return { by: 'name', words: [...unique.values()] };
}

function bySelector(words: readonly string[], selector: string): WorkloadScope {
  if (selector.trim() === '') throw new Failure('usage', 'the selector is empty', { hint: 'write -l app=web' });
  const types = words.flatMap((word) => word.split(','));
  if (types.length === 0) {
    throw new Failure('usage', 'a selector needs a type beside it', { hint: 'such as: deploy -l app=web' });
  }
  const kinds = types.map((type) => {
    const kind = resourceKind(type);
    if (kind !== undefined) return injectable(kind, type);
    throw new Failure('usage', `${quote(type)} is no type, and names cannot be given beside a selector`);
  });
  return { by: 'selector', kinds: [...new Set(kinds)], selector };
}

/** The type before a name that has none, where one was said: `deploy web api`. */
function withTypes(words: readonly string[]): string[] {
  let type: string | undefined;
  return words.flatMap((word, index) => {
    const isName = index > 0 && resourceKind(words[index - 1] ?? '') !== undefined;
    if (isName) return [word];
    if (resourceKind(word) !== undefined) type = word;
    else if (type !== undefined && !word.includes('/')) return [type, word];
    return [word];
  });
}

function injectable(kind: ResourceKind, word: string): InjectableKind {
  const known = injectableKinds.find((each) => each === kind);
  if (known !== undefined) return known;
  throw new Failure('usage', `${quote(word)} cannot be injected in the cluster`, { hint: instead[kind] });
}
