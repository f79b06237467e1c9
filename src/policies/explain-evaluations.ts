// SPDX-License-Identifier: Apache-2.0
import type { PolicyExplanation } from '../model/report.js';
import type { Party } from './connection.js';
import type { PolicyEvaluation } from './evaluate-policies.js';
import { evaluationLines } from './evaluation-text.js';
import { fewOf } from './rule-text.js';
import { policyName } from './rules.js';

/** An explanation, and its message in lines that many results may share: each speaks of one pod where that suffices. */
export interface Explained {
  explanation: PolicyExplanation;
  lines: string[];
}

const disagreements = {
  notEnforced: 'yet it was reached: accepted but not enforced',
  deniedElsewhere: 'yet it was not reached: something else stands in the way',
} as const;

function names(evaluations: readonly PolicyEvaluation[], direction: 'egress' | 'ingress'): string[] {
  return [...new Set(evaluations.flatMap((each) => each[direction].selecting.map(policyName)))].sort();
}

function textOf(evaluations: readonly PolicyEvaluation[]): PolicyExplanation['text'] {
  const texts = new Set(evaluations.map(({ text }) => text));
  const [only] = texts;
  return texts.size === 1 && only !== undefined ? only : 'unknown';
}

/**
 * The text of policies beside what was measured (`reached` undefined: nothing that policies have to do with). One evaluation for each pod that a test may have ended at: where they
 * differ, the text is unknown. No policy, no disagreement.
 */
export function explainEvaluations(
  evaluations: readonly { evaluation: PolicyEvaluation; destination: Party }[],
  reached: boolean | undefined,
): Explained {
  const all = evaluations.map(({ evaluation }) => evaluation);
  const egress = names(all, 'egress');
  const ingress = names(all, 'ingress');
  const text = textOf(all);
  const isSelected = egress.length + ingress.length > 0;
  const disagrees =
    text === 'deny' && reached === true
      ? 'notEnforced'
      : text === 'allow' && reached === false && isSelected
        ? 'deniedElsewhere'
        : undefined;
  const suffix = disagrees === undefined ? '' : `, ${disagreements[disagrees]}`;
  const found = evaluations.flatMap(({ evaluation, destination }) => evaluationLines(evaluation, destination));
  const isMixed = new Set(all.map((each) => each.text)).size > 1;
  const message = `${isMixed ? 'it depends on the endpoint: ' : ''}${fewOf(found, '; ')}${suffix}`;
  return {
    explanation: { egress, ingress, text, message, ...(disagrees === undefined ? {} : { disagrees }) },
    lines: isMixed ? [message] : [...new Set(found)].map((line) => `${line}${suffix}`),
  };
}
