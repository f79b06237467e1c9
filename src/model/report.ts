// SPDX-License-Identifier: Apache-2.0
import type { Reason } from './reason.js';
import type { Expectation, Verdict } from './verdict.js';

/** The contract of `-o json`, version 1; its schema is plugins-manifest/schemas/report.v1.json. Units are in the names. */
export const reportApiVersion = 'netmachinery.io/v1';

export type ProbeName = 'icmp' | 'tcp' | 'udp';

export interface ResultSource {
  namespace: string;
  pod: string;
  node: string;
  /** The address of the family that the test used. */
  ip: string;
}

export type DestinationKind = 'ip' | 'host' | 'pod' | 'service' | 'endpoint' | 'node';

export interface ResultDestination {
  /** What the user wrote. */
  ref: string;
  kind: DestinationKind;
  namespace?: string;
  name?: string;
  /** The address that packets were sent to; empty where a name did not resolve or nothing stands behind a Service. */
  address: string;
  port?: number;
  protocol?: 'tcp' | 'udp';
  /** The node that a pod destination runs on. */
  node?: string;
}

/** Round-trip or connect times in ms. p95 only from 20 samples on, p99 from 100. */
export interface RttMs {
  min: number;
  avg: number;
  p50: number;
  p95?: number;
  p99?: number;
  max: number;
  /** Mean absolute difference of successive round trips (RFC 3550's idea, unsmoothed). */
  jitter: number;
}

export interface ControlResult {
  /** `namespace/pod` of the other source. */
  source: string;
  reached: boolean;
}

/** Facts of the TLS handshake that `connect --tls` adds. */
export interface TlsResult {
  handshakeMs?: number;
  subject?: string;
  issuer?: string;
  /** RFC 3339. */
  notAfter?: string;
  /** Why the certificate was not trusted, or why there was no handshake; absent when all is well. */
  error?: string;
}

/** One attempt of a TCP or UDP test. */
export interface AttemptResult {
  reason: Reason;
  /** Connect time (TCP) or time to the answer (UDP) in ms. */
  ms?: number;
}

export interface Result {
  /** Stable within a report: `r1`, `r2`, ... */
  id: string;
  probe: ProbeName;
  /** RFC 3339 with milliseconds. */
  startedAt: string;
  source: ResultSource;
  destination: ResultDestination;
  expect: Expectation;
  verdict: Verdict;
  reason: Reason;
  /** One line for people. */
  message: string;
  attempts: number;
  control?: ControlResult;
  /** Packets sent, received and duplicated (icmp). */
  sent?: number;
  received?: number;
  duplicates?: number;
  lossPercent?: number;
  rttMs?: RttMs;
  labels?: Record<string, string>;
  /** The router or host that sent the ICMP error. */
  from?: string;
  /** The next hop's MTU in bytes, when a packet was too long (icmp with --df). */
  nextMtu?: number;
  attemptResults?: AttemptResult[];
  tls?: TlsResult;
  /** How arrival at the destination was proven (udp). */
  udpProof?: 'answer' | 'counters' | 'capture';
}

export interface Summary {
  total: number;
  pass: number;
  fail: number;
  inconclusive: number;
  unsupported: number;
  error: number;
}

/** One distinct cause of trouble and what a person may do about it; printed below the table. */
export interface Hint {
  /** Ids of the results it speaks of. */
  results: string[];
  text: string;
}

export interface Report {
  apiVersion: typeof reportApiVersion;
  kind: 'Report';
  /** The verb: `ping`, `connect`. */
  command: string;
  startedAt: string;
  durationMs: number;
  /** Facts that change the meaning of results and are no result themselves. */
  warnings: string[];
  summary: Summary;
  results: Result[];
  hints: Hint[];
}
