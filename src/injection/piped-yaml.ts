// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { beforeAnnotations, beforeOf, type Before } from './before.js';
import { hasProber, injectWorkload, uninjectWorkload } from './inject.js';
import { ourContainer } from './our-container.js';
import { notEditable, ParsedTexts, type FoundWorkload } from './parsed-texts.js';
import { isObject, objectIn, valueAt } from './pod-template.js';
import { deployedAnnotation, proberContainerName, proberVolumeName } from '../model/prober.js';
import { beforeAnnotation, sidecarOf, type InjectionOptions } from './sidecar.js';
import { edited, NotEditable, type Edit } from './source-edits.js';
import { addAnnotations, addTo, removeAnnotation, removeFrom, sourcesBefore } from './template-edits.js';

export interface PipedText {
  text: string;
  /** The workloads that were changed, such as `deployment/web`, in the order of the text. */
  changed: string[];
  /** Their namespaces, once each; undefined where the text leaves it to kubectl. */
  namespaces: (string | undefined)[];
}

/**
 * The text of YAML or JSON documents with the prober in every workload; all other bytes stay. `uninjectText` gives the
 * text from before byte for byte. Throws `usage` where the text is no YAML, where a workload cannot be injected, and where
 * its lines cannot be edited alone (a template behind an alias or a merge).
 */
export function injectText(text: string, options: InjectionOptions): PipedText {
  const parsed = new ParsedTexts();
  const clean = uninjected(text, parsed).text;
  const { list, container, volume, annotations } = sidecarOf(options);
  const befores: Before[] = parsed.workloads(clean).map((found) => sourcesBefore(found, list));
  const steps: Step[] = [
    (found) => addTo(found, list, container),
    (found) => addTo(found, 'volumes', volume),
    (found, index) => addAnnotations(found, { ...annotations, ...beforeAnnotations(befores[index] ?? {}) }),
  ];
  // Refuses first what no edit should try.
  const wanted = parsed.values(clean).map((value) => injectWorkload(value, options));
  const done = inSteps(clean, steps, wanted, parsed);
  if (uninjected(done, parsed).text !== clean) throw notEditable('this text');
  return piped(done, parsed.workloads(done));
}

/** The text without our prober, as it was before `injectText`. Throws `usage` as that does. */
export function uninjectText(text: string): PipedText {
  return uninjected(text, new ParsedTexts());
}

function uninjected(text: string, parsed: ParsedTexts): PipedText {
  const all = parsed.workloads(text);
  const changed = all.filter(({ object }) => hasProber(object));
  if (changed.length === 0) return piped(text, []);
  const plans = all.map(({ name, object, templateValue }) => {
    const list = hasProber(object) ? ourContainer(templateValue, name) : undefined;
    const metadata = objectIn(templateValue, 'metadata', name);
    return list && { list, before: beforeOf(objectIn(metadata, 'annotations', name)) };
  });
  const steps: Step[] = [
    (found, index) => removeFrom(found, plans[index], plans[index]?.list, proberContainerName),
    (found, index) => removeFrom(found, plans[index], 'volumes', proberVolumeName),
    (found, index) => removeAnnotation(found, plans[index], deployedAnnotation),
    (found, index) => removeAnnotation(found, plans[index], beforeAnnotation),
  ];
  return piped(inSteps(text, steps, parsed.values(text).map(uninjectWorkload), parsed), changed);
}

function piped(text: string, changed: readonly FoundWorkload[]): PipedText {
  const namespaces = changed.map(({ object }) => {
    const namespace = valueAt(object, ['metadata', 'namespace']);
    return typeof namespace === 'string' ? namespace : undefined;
  });
  return { text, changed: changed.map(({ name }) => name), namespaces: [...new Set(namespaces)] };
}

type Step = (found: FoundWorkload, index: number) => Edit | undefined;

/** Every step edits every workload once, so that its edits never overlap; then the values are compared with those wanted. */
function inSteps(text: string, steps: readonly Step[], wanted: readonly unknown[], parsed: ParsedTexts): string {
  const done = steps.reduce((current, step) => {
    const edits = parsed.workloads(current).flatMap((found, index) => {
      try {
        return step(found, index) ?? [];
      } catch (thrown) {
        if (thrown instanceof NotEditable) throw notEditable(found.name);
        throw thrown;
      }
    });
    return edited(current, edits);
  }, text);
  if (!isDeepStrictEqual(parsed.values(done).map(withoutMemory), wanted.map(withoutMemory)))
    throw notEditable('this text');
  return done;
}

/** What was empty is remembered as it is written here, and as JSON in objects: the same otherwise. */
function withoutMemory(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMemory);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== beforeAnnotation);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutMemory(inner)]));
}
