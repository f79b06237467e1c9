// SPDX-License-Identifier: Apache-2.0
import type { CheckFinding } from '../../model/check.js';
import type { Verdict } from '../../model/verdict.js';
import { plainText } from '../plain-text.js';
import { wrapWords } from '../text-width.js';
import { verdictPainter } from '../verdict-style.js';
import { worstFindings } from './order.js';

/** Findings that are written out; the rest is counted, because a screen of them helps nobody. */
const shownFindings = 12;

/** The sign before a finding, and the verdict whose colour it has. */
export const severitySigns: Record<CheckFinding['severity'], [sign: string, verdict: Verdict]> = {
  failure: ['✗', 'fail'],
  unknown: ['?', 'inconclusive'],
  warning: ['!', 'inconclusive'],
};

/** What is wrong, worst first, each with what a person may do next in a line of its own. */
export function findingLines(findings: readonly CheckFinding[], width: number, color: boolean): string[] {
  const paint = verdictPainter(color);
  const worst = worstFindings(findings);
  const lines = worst.slice(0, shownFindings).flatMap(({ severity, message, hint }) => {
    const [sign, verdict] = severitySigns[severity];
    const [first = '', ...rest] = wrapWords([sign, ...plainText(message).split(' ')], width);
    const hints = plainText(hint ?? '') === '' ? [] : wrapWords(['→', ...plainText(hint ?? '').split(' ')], width - 2);
    return [paint(verdict, sign) + first.slice(sign.length), ...rest, ...hints.map((line) => `  ${line}`)];
  });
  const rest = worst.length - shownFindings;
  return rest > 0 ? [...lines, `… and ${rest} more: -o wide shows all of them`] : lines;
}
