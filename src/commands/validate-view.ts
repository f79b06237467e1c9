// SPDX-License-Identifier: Apache-2.0
import { columnLines, squeezeColumns, type Column } from '../report/columns.js';
import { plainText } from '../report/plain-text.js';
import { endpointsText, expectationText } from '../suites/describe-test.js';
import type { Suite } from '../suites/suite.js';

export interface ValidateViewOptions {
  width: number;
  headers: boolean;
}

function column<T>(rows: readonly T[], header: string, value: (row: T) => string, more?: Partial<Column>): Column {
  return { header: [header], cells: rows.map((row) => plainText(value(row)) || '<none>'), ...more };
}

function lines(columns: readonly Column[], { width, headers }: ValidateViewOptions): string {
  const fitted = squeezeColumns(columns, width);
  return columnLines(fitted, headers)
    .map((line) => `${line}\n`)
    .join('');
}

/** A line a suite: what its file was taken for. */
export function renderSuites(suites: readonly Suite[], options: ValidateViewOptions): string {
  return lines(
    [
      column(suites, 'FILE', ({ file }) => file, { shortenTo: { readily: 30, atMost: 12 } }),
      column(suites, 'FORMAT', ({ format }) => format),
      column(suites, 'NAME', ({ name }) => name, { shortenTo: { readily: 24, atMost: 8 } }),
      column(suites, 'TESTS', ({ tests }) => String(tests.length)),
    ],
    options,
  );
}

/** A line a test, as it is understood. */
export function renderTests(suites: readonly Suite[], options: ValidateViewOptions): string {
  const rows = suites.flatMap((suite) => suite.tests.map((test) => ({ suite, test })));
  const name = { shortenTo: { readily: 24, atMost: 10 } };
  return lines(
    [
      column(rows, 'SUITE', ({ suite }) => suite.name, name),
      column(rows, 'TEST', ({ test }) => test.name, name),
      column(rows, 'FROM', ({ test }) => endpointsText(test.sources), name),
      column(rows, 'MODE', ({ test }) => String(test.mode), { leaveOut: 3 }),
      column(rows, 'TO', ({ test }) => endpointsText(test.destinations), name),
      column(rows, 'PROBE', ({ test }) => test.probe.kind),
      column(rows, 'EXPECT', ({ test }) => expectationText(test), name),
      column(rows, 'TAGS', ({ test }) => test.tags.join(','), { leaveOut: 2 }),
      column(rows, 'PLACE', ({ test }) => test.place, { leaveOut: 4 }),
    ],
    options,
  );
}

/** `SUITE/TEST` of each test, a line each, as `--test` of `run` can find it. */
export function renderTestNames(suites: readonly Suite[]): string {
  return suites.flatMap(({ name, tests }) => tests.map((test) => `${plainText(`${name}/${test.name}`)}\n`)).join('');
}
