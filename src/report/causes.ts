// SPDX-License-Identifier: Apache-2.0
import type { Hint, Report, Result } from '../model/report.js';
import { type Verdict, verdicts } from '../model/verdict.js';
import { groupBy, sourceKey, sourceLabels } from './destination-label.js';
import { plainText } from './plain-text.js';

/** Trouble, in one line. */
export interface Cause {
  verdict: Verdict;
  text: string;
}

/** Up to two of the texts, and how many more there are. */
export function firstOf(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  const shown = distinct.slice(0, 2).join(', ');
  return distinct.length > 2 ? `${shown} and ${distinct.length - 2} more` : shown;
}

/** Which of the things behind what the user wrote it is, where that does not say; a file's words for pods name no port. */
function memberSuffix({ probe, test, destination: { kind, ref, name, address, port } }: Result): string {
  if (kind === 'endpoint') return ` (${name ?? address})`;
  if (kind !== 'pod') return '';
  const isPortOpen = test !== undefined && port !== undefined && (probe === 'tcp' || probe === 'udp');
  const portText = isPortOpen && !/:[\w-]+$/.test(ref) ? `:${port}` : '';
  if (name !== undefined && !ref.includes(name)) return ` (${name}${portText})`;
  return portText === '' ? '' : ` (port ${port})`;
}

function destinationTexts(results: readonly Result[]): string[] {
  const texts = results.map((result) => ({ ref: result.destination.ref, suffix: memberSuffix(result) }));
  const whole = new Set(texts.flatMap(({ ref, suffix }) => (suffix === '' ? [ref] : [])));
  return texts
    .filter(({ ref, suffix }) => suffix === '' || !whole.has(ref))
    .map(({ ref, suffix }) => plainText(`${ref}${suffix}`));
}

/** Results that one text is about. */
interface Finding {
  results: readonly Result[];
  text: string;
}

/**
 * A finding for each hint, and one for each distinct message of what no hint says in other words: what was in place comes
 * before what was found, and what policies say after it.
 */
function findingsOf({ results, hints }: Report): Finding[] {
  const byId = new Map(results.map((result) => [result.id, result]));
  const findingOf = ({ results: ids, text }: Hint) => ({ results: ids.flatMap((id) => byId.get(id) ?? []), text });
  const said = hints.filter((hint) => hint.about === undefined);
  const explained = new Set(said.flatMap((hint) => hint.results));
  const unexplained = results.filter(({ id, verdict }) => verdict !== 'pass' && !explained.has(id));
  const messages = groupBy(unexplained, ({ message }) => message).map((group) => ({
    results: group,
    text: group[0]?.message ?? '',
  }));
  const about = (what: Hint['about']) => hints.filter((hint) => hint.about === what).map(findingOf);
  return [...about('shape'), ...about(undefined), ...messages, ...about('policies')];
}

/** What is the same for more tests of suites than this is said once. */
const testsApart = 3;

function testKey({ suite = '', test = '' }: Result): string {
  return `${suite}\n${test}`;
}

/** The same by the tests of suites, as long as they are few. */
function byTest(finding: Finding): Finding[] {
  const groups = groupBy(finding.results, testKey);
  if (groups.length < 2 || groups.length > testsApart) return [finding];
  return groups.map((results) => ({ ...finding, results }));
}

/** How the tests of suites are called; nothing where a single verb made the results. */
function testLabels({ results }: Report): (some: readonly Result[]) => string[] {
  const severalSuites = new Set(results.map(({ suite }) => suite)).size > 1;
  const labelOf = ({ suite, test }: Result) =>
    [severalSuites ? suite : undefined, test].filter((part) => part !== undefined).join(': ');
  return (some) => {
    const labels = some.flatMap((result) => (result.test === undefined ? [] : [plainText(labelOf(result))]));
    return [...new Set(labels)];
  };
}

/** One cause for each finding, in the order of the results; of suites, one for each test. */
export function causesOf(report: Report): Cause[] {
  const { results } = report;
  const sources = new Set(results.map(({ source }) => sourceKey(source))).size;
  const sourceLabel = sourceLabels(results);
  const labelsOf = testLabels(report);
  const places = new Map(results.map((result, place) => [result, place]));
  const placeOf = ({ results: [first] }: Finding) => (first && places.get(first)) ?? results.length;

  /** Where it was found: the test of a suite, sources where there are others, and destinations. */
  const subjectOf = (some: readonly Result[]): string => {
    const tests = labelsOf(some);
    // Each has sources and destinations of its own.
    if (tests.length > 1) return firstOf(tests);
    const from = new Set(some.map(({ source }) => sourceLabel(source)));
    const arrow = from.size > 0 && from.size < sources ? `${firstOf([...from])} → ` : '';
    const to = firstOf(destinationTexts(some));
    return [...tests, ...(to === '' ? [] : [`${arrow}${to}`])].join(': ');
  };

  return findingsOf(report)
    .flatMap(byTest)
    .sort((one, other) => placeOf(one) - placeOf(other))
    .map(({ results: some, text }) => {
      const subject = subjectOf(some);
      return {
        verdict: verdicts.find((verdict) => some.some((result) => result.verdict === verdict)) ?? 'error',
        text: subject === '' ? plainText(text) : `${subject}: ${plainText(text)}`,
      };
    });
}
