// SPDX-License-Identifier: Apache-2.0
import { reportApiVersion, type Report, type Result } from '../model/report.js';
import {
  changeKinds,
  type ChangeKind,
  type DiffedReport,
  type DiffItem,
  type DiffSide,
  type ReportDiff,
} from '../model/report-diff.js';
import { formatMs, formatPercent } from './figures.js';
import { pairResults, type ResultPair } from './pair-results.js';
import { stableDestination, stableSource } from './test-name.js';

/** From when on a time is worse, where nobody says: beyond what one run differs from the next. */
export const usualSlowdown: ReportDiff['slowdown'] = { factor: 1.5, floorMs: 1 };

/** A report and the name of the file that it was read from. */
export interface NamedReport {
  file: string;
  report: Report;
}

interface Difference {
  change: 'worse' | 'better';
  text: string;
}

function verdictDifference(old: Result, next: Result): Difference | undefined {
  if ((old.verdict === 'pass') === (next.verdict === 'pass')) return undefined;
  const text = `${old.verdict} → ${next.verdict} (${next.reason})`;
  return { change: next.verdict === 'pass' ? 'better' : 'worse', text };
}

function lossDifference(old: Result, next: Result): Difference | undefined {
  const [before, after] = [old.lossPercent, next.lossPercent];
  if (before === undefined || after === undefined || before === after) return undefined;
  const text = `loss ${formatPercent(before)} → ${formatPercent(after)}`;
  return { change: after > before ? 'worse' : 'better', text };
}

/** p95 where both have it; the medians otherwise. Times of what did not arrive say nothing. */
function timeDifference(old: Result, next: Result, slowdown: ReportDiff['slowdown']): Difference | undefined {
  const figure = old.rttMs?.p95 === undefined || next.rttMs?.p95 === undefined ? 'p50' : 'p95';
  const [before, after] = [old.rttMs?.[figure], next.rttMs?.[figure]];
  if (before === undefined || after === undefined) return undefined;
  const isMore = (one: number, other: number) => one > other * slowdown.factor && one - other >= slowdown.floorMs;
  const text = `${figure} ${formatMs(before)} → ${formatMs(after)} ms`;
  if (isMore(after, before)) return { change: 'worse', text };
  return isMore(before, after) ? { change: 'better', text } : undefined;
}

function mtuDifference(old: Result, next: Result): Difference | undefined {
  const [before, after] = [old.mtu?.pathMtu, next.mtu?.pathMtu];
  if (before === undefined || after === undefined || before === after) return undefined;
  return { change: after < before ? 'worse' : 'better', text: `path MTU ${before} → ${after} bytes` };
}

function compare(pair: ResultPair, slowdown: ReportDiff['slowdown']): { change: ChangeKind; differences: string[] } {
  const { old, new: next } = pair;
  if (old === undefined) return { change: 'new', differences: [] };
  if (next === undefined) return { change: 'gone', differences: [] };
  const found = [
    verdictDifference(old, next),
    lossDifference(old, next),
    timeDifference(old, next, slowdown),
    mtuDifference(old, next),
  ].filter((each) => each !== undefined);
  const change = (['worse', 'better'] as const).find((kind) => found.some((each) => each.change === kind));
  return { change: change ?? 'unchanged', differences: found.map(({ text }) => text) };
}

function sideOf({ id, verdict, reason, message, source, destination, lossPercent, rttMs, mtu }: Result): DiffSide {
  return {
    id,
    verdict,
    reason,
    message,
    pod: `${source.namespace}/${source.pod}`,
    address: destination.address,
    ...(lossPercent === undefined ? {} : { lossPercent }),
    ...(rttMs === undefined ? {} : { rttP50Ms: rttMs.p50 }),
    ...(rttMs?.p95 === undefined ? {} : { rttP95Ms: rttMs.p95 }),
    ...(mtu?.pathMtu === undefined ? {} : { pathMtu: mtu.pathMtu }),
  };
}

function itemOf(pair: ResultPair, slowdown: ReportDiff['slowdown']): DiffItem[] {
  const { old, new: next } = pair;
  const result = next ?? old;
  if (result === undefined) return [];
  const { suite, test, probe, expect } = result;
  const { change, differences } = compare(pair, slowdown);
  return [
    {
      change,
      ...(suite === undefined ? {} : { suite }),
      ...(test === undefined ? {} : { test }),
      probe,
      expect,
      source: stableSource(result),
      destination: stableDestination(result),
      ...(old === undefined ? {} : { old: sideOf(old) }),
      ...(next === undefined ? {} : { new: sideOf(next) }),
      differences,
    },
  ];
}

function summaryOf({ file, report }: NamedReport): DiffedReport {
  return { file, command: report.command, startedAt: report.startedAt, total: report.results.length };
}

/** What became of each test between two reports. */
export function diffReports(old: NamedReport, next: NamedReport, slowdown: ReportDiff['slowdown']): ReportDiff {
  const unsorted = pairResults(old.report, next.report).flatMap((pair) => itemOf(pair, slowdown));
  const items = changeKinds.flatMap((kind) => unsorted.filter(({ change }) => change === kind));
  const count = (kind: ChangeKind) => items.filter(({ change }) => change === kind).length;
  return {
    apiVersion: reportApiVersion,
    kind: 'ReportDiff',
    old: summaryOf(old),
    new: summaryOf(next),
    slowdown,
    summary: {
      worse: count('worse'),
      better: count('better'),
      new: count('new'),
      gone: count('gone'),
      unchanged: count('unchanged'),
    },
    items,
  };
}
