// SPDX-License-Identifier: Apache-2.0
import type { LabelSelector } from '../kube/objects.js';
import { isLabelKey, isLabelValue } from '../manifests/pod-labels.js';
import { quote } from '../targets/quote.js';
import { isObject } from './pod-template.js';

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/**
 * The `podSelector` of a NetworkProber; what is wrong with it is added to `faults`. One that means something else than it
 * says would put our container into pods that nobody meant.
 */
export function checkedSelector(value: unknown, faults: string[]): LabelSelector {
  if (!isObject(value)) {
    faults.push('spec.podSelector: a label selector is needed here');
    return {};
  }
  return {
    matchLabels: labelsOf(value['matchLabels'], faults),
    matchExpressions: expressionsOf(value['matchExpressions'], faults),
  };
}

function labelsOf(value: unknown, faults: string[]): Record<string, string> {
  const path = 'spec.podSelector.matchLabels';
  if (value === undefined || value === null) return {};
  if (!isObject(value)) {
    faults.push(`${path}: must be an object`);
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, label]) => {
      if (isLabelKey(key) && typeof label === 'string' && isLabelValue(label)) return [[key, label]];
      faults.push(`${path}: ${quote(key)} and its value cannot be a label`);
      return [];
    }),
  );
}

function expressionsOf(value: unknown, faults: string[]): NonNullable<LabelSelector['matchExpressions']> {
  const path = 'spec.podSelector.matchExpressions';
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    faults.push(`${path}: must be a list`);
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    const { key, operator, values = [] } = isObject(item) ? item : {};
    const known = typeof key === 'string' && isLabelKey(key) && operators.includes(String(operator));
    const words = Array.isArray(values) && values.every((word) => typeof word === 'string' && isLabelValue(word));
    const needsValues = operator === 'In' || operator === 'NotIn';
    if (known && words && needsValues === values.length > 0) {
      return [{ key, operator: String(operator), values: values as string[] }];
    }
    faults.push(`${path}[${index}]: key, one of ${operators.join(', ')}, and values for In and NotIn only are needed`);
    return [];
  });
}
