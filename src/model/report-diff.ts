// SPDX-License-Identifier: Apache-2.0
import type { Reason } from './reason.js';
import type { ProbeName, reportApiVersion } from './report.js';
import type { Expectation, Verdict } from './verdict.js';

/** What became of a test from one report to the next. `new` and `gone` are in one of them only. */
export const changeKinds = ['worse', 'better', 'new', 'gone', 'unchanged'] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** What one report says of a test. */
export interface DiffSide {
  /** The result's in its report. */
  id: string;
  verdict: Verdict;
  reason: Reason;
  message: string;
  /** The pod and the address that it was about then. */
  pod: string;
  address: string;
  lossPercent?: number;
  rttP50Ms?: number;
  rttP95Ms?: number;
  pathMtu?: number;
}

/** One test of either report. */
export interface DiffItem {
  change: ChangeKind;
  suite?: string;
  test?: string;
  probe: ProbeName;
  expect: Expectation;
  /** `namespace/pod`, without what Kubernetes appends to the names of replicas. */
  source: string;
  /** As it was asked for. */
  destination: string;
  old?: DiffSide;
  new?: DiffSide;
  /** What is worse or better, a line each. */
  differences: string[];
}

/** The report that was compared, and when it was made. */
export interface DiffedReport {
  /** `-` is stdin. */
  file: string;
  command: string;
  startedAt: string;
  total: number;
}

/** The contract of `report --diff -o json`; its schema is plugins-manifest/schemas/report-diff.v1.json. */
export interface ReportDiff {
  apiVersion: typeof reportApiVersion;
  kind: 'ReportDiff';
  old: DiffedReport;
  new: DiffedReport;
  /** A time is worse when it is more than `factor` times what it was and at least `floorMs` more. */
  slowdown: { factor: number; floorMs: number };
  summary: Record<ChangeKind, number>;
  /** worse, better, new, gone, unchanged; within each in the order of the reports. */
  items: DiffItem[];
}
