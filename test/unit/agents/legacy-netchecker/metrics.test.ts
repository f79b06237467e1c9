// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probeNumbers, type ProbeResult } from '../../../../src/agents/legacy-netchecker/agent-spec.js';
import { connectivityOf, connectivityText, isMissing } from '../../../../src/agents/legacy-netchecker/connectivity.js';
import { exposition } from '../../../../src/agents/legacy-netchecker/exposition.js';
import { Series } from '../../../../src/agents/legacy-netchecker/series.js';

const probe = (URL: string, value: number): ProbeResult =>
  ({ URL, ...Object.fromEntries(probeNumbers.map((name) => [name, value])) }) as ProbeResult;

test('the metrics are written as client_golang writes them, but for the words of HELP', () => {
  const recorded = readFileSync(join(import.meta.dirname, 'recorded/metrics.txt'), 'utf8');
  const series = (reports: number, probes: ProbeResult[]) => ({
    reports,
    errors: 0,
    probes: new Map(probes.map((each) => [each.URL, each])),
  });
  const text = exposition(
    new Map([
      ['n2-private_network', series(3, [probe('http://b/"\\\n', 200), probe('http://a', 21_000_000)])],
      ['n1-private_network', series(1_000_000, [])],
      ['n1-host_network', series(1_234_567, [probe('http://é', -1)])],
      ['-private_network', series(123_456, [])],
    ]),
  );
  expect(text.replaceAll(/^(# HELP \S+) .*$/gm, '$1 HELP')).toBe(recorded);
  expect(exposition(new Map())).toBe('');
});

test('series are bounded, whatever is reported, and the longest silent goes first', () => {
  const series = new Series(() => 10);
  for (let index = 0; index < 1000; index += 1) {
    series.reported('real', []);
    series.reported(`n${index}`, []);
  }
  expect(series.byLabel.size).toBe(84);
  expect(series.byLabel.get('real')?.reports).toBe(1000);
  series.reported('x'.repeat(400), []);
  expect(series.byLabel.size).toBe(84);
  series.reported('real', [
    ...Array.from({ length: 50 }, (_, index) => probe(`u${index}`, 1)),
    probe('x'.repeat(600), 1),
  ]);
  expect([...(series.byLabel.get('real')?.probes.keys() ?? [])]).toEqual(
    Array.from({ length: 32 }, (_, index) => `u${index + 18}`),
  );
  series.missed('nobody');
  expect(series.byLabel.has('nobody')).toBe(false);
});

test('absent and outdated, and the two texts', () => {
  const reports = new Map([
    ['a', { intervalMs: 1000, ageMs: 2000 }],
    ['b', { intervalMs: 1000, ageMs: 2001 }],
  ]);
  const found = connectivityOf(['c', 'b', 'a'], (name) => reports.get(name));
  expect(found).toEqual({ absent: ['c'], outdated: ['b'] });
  expect(connectivityText({ absent: ['netchecker-agent-aaaaa'], outdated: [] }, 0)).toMatch(
    /^\{"Message":"[^"]+","Absent":\["netchecker-agent-aaaaa"\],"Outdated":\[\]\}$/,
  );
  expect(connectivityText({ absent: [], outdated: [] }, 7)).toMatch(
    /^\{"Message":"[^"]*7[^"]*","Absent":null,"Outdated":null\}$/,
  );
});

test('the first missing report counts after two intervals, then one an interval', () => {
  const counted: number[] = [];
  let missed = 0;
  for (let ageMs = 0; ageMs <= 60_000; ageMs += 10_000) {
    if (isMissing({ intervalMs: 15_000, ageMs }, missed)) missed += 1;
    counted.push(missed);
  }
  expect(counted).toEqual([0, 0, 0, 1, 1, 2, 3]);
  expect(isMissing({ intervalMs: 0, ageMs: 1e6 }, 0)).toBe(false);
});
