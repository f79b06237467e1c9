// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { LabelSelector } from '../../kube/objects.js';
import { checkSelectorText } from '../../manifests/selector-text.js';
import { quote } from '../../targets/quote.js';

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

function words(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

function expressionOf(term: string): Expression | { key: string; value: string } {
  const [, key, operator, values] = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(term) ?? [];
  if (key !== undefined) return { key, operator: operator === 'in' ? 'In' : 'NotIn', values: words(values ?? '') };
  const [, name, sign, value] = /^([^\s=!<>]+)\s*(==|=|!=|<|>)\s*([^\s=!<>]*)$/.exec(term) ?? [];
  if (name === undefined || value === undefined) {
    const isAbsent = term.startsWith('!');
    return { key: term.replace(/^!\s*/, ''), operator: isAbsent ? 'DoesNotExist' : 'Exists' };
  }
  if (sign === '<' || sign === '>') {
    throw new Failure('usage', `${quote(term)}: a selector of pods knows no ${sign}`, {
      hint: 'write it such as app=web, tier!=test or app in (web,api)',
    });
  }
  return sign === '!=' ? { key: name, operator: 'NotIn', values: [value] } : { key: name, value };
}

/** A selector as `-l` takes it, as objects have it. Throws Failure `usage`. */
export function parseSelector(text: string): LabelSelector {
  checkSelectorText(text);
  const matchLabels: Record<string, string> = {};
  const matchExpressions: Expression[] = [];
  for (const term of text.split(/,(?![^(]*\))/)) {
    const expression = expressionOf(term.trim());
    if ('operator' in expression) matchExpressions.push(expression);
    else if ((matchLabels[expression.key] ?? expression.value) === expression.value) {
      matchLabels[expression.key] = expression.value;
    } else {
      throw new Failure('usage', `no pod has two values of the label ${quote(expression.key)}`, {
        hint: `one of several is written ${expression.key} in (a,b)`,
      });
    }
  }
  return {
    ...(Object.keys(matchLabels).length === 0 ? {} : { matchLabels }),
    ...(matchExpressions.length === 0 ? {} : { matchExpressions }),
  };
}
