// SPDX-License-Identifier: Apache-2.0

/** How a figure of a result is held against a number. */
export type Comparison = '<' | '<=' | '=' | '>=' | '>';

/** The figures that a test may set bounds for: paths into a result of the report. */
export const figures = [
  'rttMs.min',
  'rttMs.avg',
  'rttMs.p50',
  'rttMs.p95',
  'rttMs.p99',
  'rttMs.max',
  'rttMs.jitter',
  'lossPercent',
  'http.status',
  'http.phases.nameMs',
  'http.phases.connectMs',
  'http.phases.tlsMs',
  'http.phases.firstByteMs',
  'http.phases.totalMs',
  'mtu.pathMtu',
  'dns.ttl',
] as const;

export type Figure = (typeof figures)[number];

/** One bound: `rttMs.p95 < 5`. */
export interface Condition {
  figure: Figure;
  comparison: Comparison;
  value: number;
}
