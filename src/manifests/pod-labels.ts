// SPDX-License-Identifier: Apache-2.0
import type { LabelSelector } from '../kube/objects.js';
import { isDnsSubdomain } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import { Fields } from './fields.js';
import type { Place } from './place.js';

const namePattern = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** The key of a label or annotation: NAME or PREFIX/NAME. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  return (slash < 0 || isDnsSubdomain(key.slice(0, slash))) && namePattern.test(key.slice(slash + 1));
}

/** Whether a value can be a label's; others would change the meaning of a selector that they are written into. */
export function isLabelValue(value: string): boolean {
  return value === '' || namePattern.test(value);
}

function checkValue(value: string, place: Place): boolean {
  if (isLabelValue(value)) return true;
  place.wrong(`${quote(value)} can not be the value of a label`);
  return false;
}

function checkKey(key: string, place: Place): boolean {
  if (isLabelKey(key)) return true;
  place.wrong(`${quote(key)} can not be the key of a label`);
  return false;
}

/** Labels and their values, all of which pods must have. */
export function readLabels(fields: Fields, name: string): Record<string, string> | undefined {
  const pairs = fields.textMap(name);
  if (pairs === undefined) return undefined;
  const place = fields.at(name);
  return Object.fromEntries(pairs.filter(([key, value]) => checkKey(key, place) && checkValue(value, place.at(key))));
}

/** A list of `key`, `operator`, `values`. */
export function readExpressions(fields: Fields, name: string): LabelSelector['matchExpressions'] {
  return fields.list(name)?.flatMap(({ value, place }) => {
    const expression = Fields.of(value, place);
    return expression === undefined ? [] : readExpression(expression);
  });
}

function readExpression(fields: Fields): NonNullable<LabelSelector['matchExpressions']> {
  const key = fields.required('key');
  const operator = fields.required('operator');
  const values = fields.texts('values') ?? [];
  fields.end();
  if (key === undefined || operator === undefined) return [];
  const needsValues = operator === 'In' || operator === 'NotIn';
  if (!operators.includes(operator)) {
    fields.at('operator').wrong(`unknown operator ${quote(operator)}`, `there are ${operators.join(', ')}`);
  } else if (needsValues !== values.length > 0) {
    fields.at('values').wrong(needsValues ? `${operator} needs values` : `${operator} has no values`);
  } else if (
    checkKey(key, fields.at('key')) &&
    values.every((value, index) => checkValue(value, fields.at('values').at(index)))
  ) {
    return [{ key, operator, values }];
  }
  return [];
}
