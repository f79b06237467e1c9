// SPDX-License-Identifier: Apache-2.0
import { symptomsOf } from './decompose-pair.js';
import type { Explanations } from './explanations.js';
import type { PathContext } from './path-context.js';
import { pathDraft } from './path-findings.js';
import { paths } from './pair-probes.js';
import { placesOf } from './places.js';
import { symptomKey, type PairSymptom } from './symptoms.js';

/** Explains all failures between agents that nothing else has explained: each pair's symptoms, and where the same one is. */
export function explainPaths(context: PathContext, explanations: Explanations): void {
  const bySymptom = new Map<string, PairSymptom[]>();
  for (const pair of context.pairs.values()) {
    for (const found of symptomsOf(pair)) {
      const key = symptomKey(found.symptom);
      const same = bySymptom.get(key);
      if (same === undefined) bySymptom.set(key, [found]);
      else same.push(found);
    }
  }
  for (const found of bySymptom.values()) {
    const [first] = found;
    if (first === undefined) continue;
    const concerned = new Set(found.flatMap(({ symptom }) => symptom.paths));
    const symptom = { ...first.symptom, paths: paths.filter((path) => concerned.has(path)) };
    for (const placed of placesOf(symptom, found, context.pairs.values(), context.silent)) {
      explanations.add(
        pathDraft(placed, context),
        placed.found.flatMap(({ failed }) => failed),
      );
    }
  }
}
