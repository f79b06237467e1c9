// SPDX-License-Identifier: Apache-2.0
import type { TestCase, TestSuite } from 'junit-report-builder';
import type { Report, Result } from '../model/report.js';
import { groupBy } from './destination-label.js';
import { factsOf, hintsByResult } from './explanation.js';
import { addOutcome, newJunit, skip } from './junit-outcome.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { stableSource, uniqueTestNames, whyNotMade } from './test-name.js';

/** How long the test was at work in seconds, where the result says so. */
function secondsOf({ attemptResults = [], http }: Result): number | undefined {
  if (http?.phases !== undefined) return http.phases.totalMs / 1000;
  const times = attemptResults.flatMap(({ ms }) => (ms === undefined ? [] : [ms]));
  if (times.length === 0 || times.length < attemptResults.length) return undefined;
  return times.reduce((sum, ms) => sum + ms, 0) / 1000;
}

function addProperties(testCase: TestCase, result: Result): void {
  for (const [name, value] of factsOf(result)) testCase.property(name, value);
  for (const name of ['lossPercent', 'verdict', 'reason'] as const) {
    const value = result[name];
    if (value !== undefined) testCase.property(name, `${value}`);
  }
}

function describeSuite(suite: TestSuite, report: Report, isOnly: boolean): void {
  suite.timestamp(new Date(report.startedAt).toISOString().slice(0, 19)).property('command', plainText(report.command));
  if (isOnly) suite.time(report.durationMs / 1000);
  for (const warning of report.warnings) suite.property('warning', plainText(warning));
}

/**
 * `-o junit`: a test suite for each suite of the run, else one of the command. Names are those of the next run too.
 * fail is `<failure>`; error and inconclusive are `<error>`; unsupported, what `--ignore` names and what was left out are `<skipped>`.
 */
export function renderJunit(report: Report, { ignore = [] }: Pick<RenderOptions, 'ignore'>): string {
  const builder = newJunit();
  const names = new Map(uniqueTestNames(report.results).map((name, index) => [report.results[index], name]));
  const hints = hintsByResult(report);
  const { notMade = [] } = report;
  const ofSuites = groupBy(report.results, ({ suite }) => suite ?? report.command);
  const suites = new Map(ofSuites.map((results) => [results[0]?.suite ?? report.command, results]));
  for (const { suite } of notMade) suites.set(suite, suites.get(suite) ?? []);
  for (const [key, results] of suites) {
    const suiteName = plainText(key);
    const suite = builder.testSuite().name(suiteName);
    describeSuite(suite, report, suites.size === 1);
    for (const result of results) {
      // What is before the last dot is shown as a package.
      const className = [suiteName, stableSource(result)].map((text) => text.replaceAll('.', '_')).join('.');
      const testCase = suite
        .testCase()
        .className(className)
        .name(names.get(result) ?? result.id);
      const seconds = secondsOf(result);
      if (seconds !== undefined) testCase.time(Number(seconds.toFixed(6)));
      addProperties(testCase, result);
      const facts = factsOf(result).map(([name, value]) => `${name}: ${value}`);
      const body = [
        plainText(result.message),
        ...facts,
        ...(hints.get(result.id) ?? []).map((text) => `hint: ${text}`),
      ];
      addOutcome(testCase, result, body, ignore.includes(result.verdict));
    }
    for (const { test } of notMade.filter((each) => each.suite === key)) {
      skip(suite.testCase().className(suiteName.replaceAll('.', '_')).name(plainText(test)), whyNotMade);
    }
  }
  if (suites.size === 0) {
    // A run without a test has shown nothing; an empty file would be green.
    const suite = builder.testSuite().name(plainText(report.command));
    describeSuite(suite, report, true);
    suite.testCase().className(plainText(report.command)).name('tests').error('no test was made', 'NoTests');
  }
  return `${builder.build()}\n`;
}
