// SPDX-License-Identifier: Apache-2.0
import { describeValue, Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import type { Place } from '../manifests/place.js';
import type { Expectation } from '../model/verdict.js';
import { nearestNames } from '../targets/edit-distance.js';
import { quote } from '../targets/quote.js';
import { figures, type Comparison, type Condition, type Figure } from './conditions.js';
import { readChoice } from './scalars.js';

/** What `expect` says, and where each condition stands. */
export interface ExpectationChoice {
  verdict: Expectation;
  conditions: { condition: Condition; place: Place }[];
}

/** Short names of figures that most tests of a probe have. */
const shortNames: Readonly<Record<string, Figure>> = {
  status: 'http.status',
  pathMtu: 'mtu.pathMtu',
  ttl: 'dns.ttl',
};
const figureNames = [...figures, ...Object.keys(shortNames)];
const comparison = /^(<=|>=|<|>|=)?\s*(\d+(?:\.\d+)?)$/;
const boundHint = 'write a number, "< 5", "<= 5", ">= 5", "> 5", or a list of them';

/** `expect`: a word, or bounds of figures beside an optional `verdict`. */
export function readExpectation(fields: Fields): ExpectationChoice | undefined {
  const value = fields.raw('expect');
  if (value === undefined || value === noted) return undefined;
  if (typeof value !== 'object') {
    const verdict = readChoice(fields, 'expect', ['allow', 'deny'] as const);
    return verdict && { verdict, conditions: [] };
  }
  const expectation = fields.child('expect');
  if (expectation === undefined) return undefined;
  if (!expectation.has('verdict') && expectation.names().every((name) => isEmpty(expectation.raw(name)))) {
    expectation.place.wrong('says nothing', 'write allow, deny or figures, such as {rttMs: {p95: "< 5"}}');
  }
  const verdict = readChoice(expectation, 'verdict', ['allow', 'deny'] as const) ?? 'allow';
  const conditions = expectation
    .names()
    .filter((name) => name !== 'verdict')
    .flatMap((name) => readFigure(expectation, name, name));
  if (verdict === 'deny' && expectation.names().some((name) => name !== 'verdict')) {
    expectation.place.wrong('what is denied has no figures', 'write expect: deny, or leave verdict out');
  }
  refuseContradictions(conditions);
  return { verdict, conditions };
}

/** An object or a list with nothing in it. */
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** A figure, or an object with figures in it: `rttMs: {p95: "< 5"}` is `rttMs.p95`. */
function readFigure(fields: Fields, name: string, path: string): ExpectationChoice['conditions'] {
  const value = fields.raw(name);
  if (value === noted) return [];
  const figure = Object.hasOwn(shortNames, path) ? shortNames[path] : figures.find((one) => one === path);
  if (figure !== undefined) return readBounds(fields, name, figure);
  const isGroup = figures.some((one) => one.startsWith(`${path}.`));
  if (isGroup && typeof value === 'object' && !Array.isArray(value)) {
    const group = fields.child(name);
    return group?.names().flatMap((inner) => readFigure(group, inner, `${path}.${inner}`)) ?? [];
  }
  if (isGroup) fields.at(name).wrong(`bounds are needed here, not ${describeValue(value)}`, within(path));
  else fields.place.wrongField(name, `${quote(path)} is no figure of a result`, unknownHint(path));
  return [];
}

function within(path: string): string {
  const inner = figures.filter((one) => one.startsWith(`${path}.`)).map((one) => one.slice(path.length + 1));
  return `there are ${inner.join(', ')}`;
}

function unknownHint(path: string): string {
  const [nearest] = nearestNames(path, figureNames, 1);
  return nearest === undefined ? `there are ${figureNames.join(', ')}` : `did you mean ${nearest}?`;
}

function readBounds(fields: Fields, name: string, figure: Figure): ExpectationChoice['conditions'] {
  const value = fields.raw(name);
  const items = Array.isArray(value) ? (fields.list(name) ?? []) : [{ value, place: fields.at(name) }];
  return items.flatMap(({ value: bound, place }) => {
    const condition = parseBound(bound, figure, place);
    return condition === undefined ? [] : [{ condition, place }];
  });
}

function parseBound(bound: unknown, figure: Figure, place: Place): Condition | undefined {
  if (bound === noted) return undefined;
  const isWord = typeof bound === 'string' || typeof bound === 'number';
  const match = isWord ? comparison.exec(String(bound).trim()) : null;
  if (match === null) {
    place.wrong(isWord ? `${quote(String(bound))} is no bound` : 'a bound is needed here', boundHint);
    return undefined;
  }
  const value = Number(match[2]);
  if (figure === 'lossPercent' && value > 100) place.wrong('more than 100 %', 'from 0 to 100 is allowed');
  if (figure === 'http.status' && (value < 100 || value > 599)) {
    place.wrong(`${value} is no status of HTTP`, 'from 100 to 599 is allowed');
  }
  return { figure, comparison: (match[1] ?? '=') as Comparison, value };
}

/** Bounds of one figure that no number meets. */
function refuseContradictions(conditions: ExpectationChoice['conditions']): void {
  for (const { condition, place } of conditions) {
    const others = conditions.map((one) => one.condition).filter((one) => one.figure === condition.figure);
    const isBelow = others.some((other) => excludes(other, condition));
    if (isBelow) {
      place.wrong(`no number is ${condition.comparison} ${condition.value} and meets the other bounds of this figure`);
      return;
    }
  }
}

const isLower = ({ comparison: sign }: Condition) => sign === '>' || sign === '>=' || sign === '=';
const isUpper = ({ comparison: sign }: Condition) => sign === '<' || sign === '<=' || sign === '=';

function excludes(lower: Condition, upper: Condition): boolean {
  if (!isLower(lower) || !isUpper(upper)) return false;
  const isStrict = lower.comparison === '>' || upper.comparison === '<';
  return lower.value > upper.value || (lower.value === upper.value && isStrict);
}
