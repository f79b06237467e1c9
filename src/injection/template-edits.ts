// SPDX-License-Identifier: Apache-2.0
import { isCollection, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import { isEmpty, type Before, type EmptyField } from './before.js';
import { notEditable, type FoundWorkload } from './parsed-texts.js';
import { cannot, mapOf, NotEditable, pairOf, type Edit } from './source-edits.js';

/** What is removed of a workload, and what was there before; undefined for one without our prober. */
export type RemovalPlan = { list: 'containers' | 'initContainers'; before: Before } | undefined;

/** A pair whose value is empty. */
function emptyPair(map: YAMLMap | undefined, key: string): Pair | undefined {
  const pair = map && pairOf(map, key);
  if (pair === undefined) return undefined;
  const { value } = pair;
  const content: unknown = isScalar(value) ? value.value : isCollection(value) ? value.toJSON() : value;
  return isEmpty(content) ? pair : undefined;
}

function specOf({ template }: FoundWorkload): YAMLMap {
  return mapOf(pairOf(template, 'spec')?.value);
}

function metadataOf({ template }: FoundWorkload): YAMLMap | undefined {
  const value = pairOf(template, 'metadata')?.value;
  return isMap(value) ? value : undefined;
}

/** What is there and empty of what the sidecar is added to, as it is written. */
export function sourcesBefore(found: FoundWorkload, list: string): Before {
  const { edits, template, name } = found;
  try {
    const spec = specOf(found);
    const pairs: [EmptyField, Pair | undefined][] = [
      ['metadata', emptyPair(template, 'metadata')],
      ['annotations', emptyPair(metadataOf(found), 'annotations')],
      ['volumes', emptyPair(spec, 'volumes')],
      ['initContainers', list === 'initContainers' ? emptyPair(spec, 'initContainers') : undefined],
    ];
    return Object.fromEntries(pairs.flatMap(([field, pair]) => (pair ? [[field, edits.emptySource(pair)]] : [])));
  } catch (thrown) {
    if (thrown instanceof NotEditable) throw notEditable(name);
    throw thrown;
  }
}

/** Adds an item to a list of the pod spec. */
export function addTo(found: FoundWorkload, key: string, item: unknown): Edit {
  const spec = specOf(found);
  const pair = pairOf(spec, key);
  if (pair === undefined) return found.edits.addFields(spec, { [key]: [item] }, indentsLists(found));
  if (emptyPair(spec, key) !== undefined) return found.edits.replaceValue(pair, JSON.stringify([item]));
  return found.edits.addItem(isSeq(pair.value) ? pair.value : cannot(), item, indentsLists(found));
}

/** Adds annotations to the template. */
export function addAnnotations(found: FoundWorkload, annotations: Readonly<Record<string, string>>): Edit {
  const { template, edits } = found;
  const add = (map: YAMLMap, key: string, value: Record<string, unknown>): Edit | YAMLMap => {
    const pair = pairOf(map, key);
    if (pair === undefined) return edits.addFields(map, { [key]: value }, false);
    return emptyPair(map, key) === undefined ? mapOf(pair.value) : edits.replaceValue(pair, JSON.stringify(value));
  };
  const metadata = add(template, 'metadata', { annotations });
  if (!isMap(metadata)) return metadata;
  const inner = add(metadata, 'annotations', annotations);
  return isMap(inner) ? edits.addFields(inner, annotations, false) : inner;
}

/** Whether items stand deeper than the key of their list, as in this template. */
function indentsLists(found: FoundWorkload): boolean {
  const pair = pairOf(specOf(found), 'containers');
  return pair !== undefined && isSeq(pair.value) && found.edits.isDeeper(pair.value, pair.key);
}

/** Removes the item of our name from a list of the pod spec. */
export function removeFrom(
  found: FoundWorkload,
  plan: RemovalPlan,
  key: string | undefined,
  ours: string,
): Edit | undefined {
  if (plan === undefined || key === undefined) return undefined;
  const spec = specOf(found);
  const list = pairOf(spec, key)?.value;
  if (list === undefined) return undefined;
  if (!isSeq(list)) return cannot();
  const index = list.items.findIndex((item) => isMap(item) && item.get('name') === ours);
  if (index === -1) return undefined;
  return list.items.length > 1 ? found.edits.remove(list, index) : dropped(found, spec, key, plan.before);
}

/** Removes an annotation of the template, and what it leaves empty. */
export function removeAnnotation(found: FoundWorkload, plan: RemovalPlan, key: string): Edit | undefined {
  const metadata = metadataOf(found);
  const annotations = metadata && pairOf(metadata, 'annotations')?.value;
  if (plan === undefined || metadata === undefined || !isMap(annotations)) return undefined;
  const index = annotations.items.findIndex((pair) => pair === pairOf(annotations, key));
  if (index === -1) return undefined;
  if (annotations.items.length > 1) return found.edits.remove(annotations, index);
  const isLast = metadata.items.length === 1 && plan.before.annotations === undefined;
  return isLast
    ? dropped(found, found.template, 'metadata', plan.before)
    : dropped(found, metadata, 'annotations', plan.before);
}

/** A field whose last content goes: as it was before, or gone. */
function dropped({ edits }: FoundWorkload, map: YAMLMap, key: string, before: Before): Edit {
  const pair = pairOf(map, key) ?? cannot();
  const source = Object.entries(before).find(([field]) => field === key)?.[1];
  if (source !== undefined) return edits.replaceValue(pair, source);
  return map.items.length > 1 ? edits.remove(map, map.items.indexOf(pair)) : cannot();
}
