// SPDX-License-Identifier: Apache-2.0
import type { Reason } from './reason.js';
import type { Expectation, Verdict } from './verdict.js';

/** The contract of `-o json`, version 1; its schema is plugins-manifest/schemas/report.v1.json. Units are in the names. */
export const reportApiVersion = 'netmachinery.io/v1';

export type ProbeName = 'icmp' | 'tcp' | 'udp' | 'dns' | 'http' | 'mtu' | 'trace';

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
  /** It had been reached while the test was made, and was not any more afterwards. */
  reachedBefore?: true;
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

/** What a DNS server answered (RFC 1035); the result's destination is the server. */
export interface DnsResult {
  /** The name that was asked for, as it was written. */
  name: string;
  /** `A`, `AAAA`, `CNAME`, `PTR`, `SRV`. */
  type: string;
  /** The name that the last query had, with the search domain that was added (resolv.conf(5)). */
  queried: string;
  /** How many queries the search path took. */
  queries: number;
  /** `NOERROR`, `NXDOMAIN`, ...; absent where nothing was answered. */
  rcode?: string;
  /** The data of the records of that type, in the order of the answer. */
  answers: string[];
  /** In seconds, the smallest of the answers. */
  ttl?: number;
  authoritative?: boolean;
}

/** What an HTTP server answered, and when: all times in ms from the beginning of the request (curl(1), `time_*`). */
export interface HttpResult {
  url: string;
  method: string;
  status?: number;
  /** `1.0`, `1.1`, `2`. */
  version?: string;
  phases?: { nameMs: number; connectMs: number; tlsMs?: number; firstByteMs: number; totalMs: number };
  redirects?: number;
  /** Where a redirect that was not followed points to. */
  location?: string;
  /** Where it ended after redirects, where that is not `url`. */
  finalUrl?: string;
  bodyBytes?: number;
}

/** How large packets may be on a path, in bytes of the IP packet (RFC 1191, RFC 8201). */
export interface MtuResult {
  /** The largest that was answered. */
  pathMtu?: number;
  /** The smallest that was not, where there is one. */
  smallestLost?: number;
  /** Of the interface that the packets leave by. */
  interfaceMtu?: number;
  interface?: string;
  /** Why larger ones do not pass: our own kernel refuses, a router says so, or they vanish. */
  limitedBy?: 'interface' | 'router' | 'silence';
  /** The router that said so. */
  router?: string;
  /** The way back, measured from the destination pod (`--both-directions`). */
  reverse?: MtuResult;
}

/** One hop of a path. */
export interface TraceHop {
  /** 1 is the first router. */
  hop: number;
  /** Absent where nobody answered. */
  address?: string;
  host?: string;
  sent: number;
  lossPercent: number;
  rttMs?: { min: number; avg: number; max: number };
}

/** What the text of NetworkPolicies says of one connection: an explanation, and never a proof. */
export interface PolicyExplanation {
  /** Names (`namespace/name`) of the policies that select the source for egress, and the destination for ingress. */
  egress: string[];
  ingress: string[];
  /** What their text allows together. */
  text: 'allow' | 'deny' | 'unknown';
  /** One line for people. */
  message: string;
  /** The text and the measurement disagree: accepted by the API server, but not enforced, or denied by something else. */
  disagrees?: 'notEnforced' | 'deniedElsewhere';
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
  dns?: DnsResult;
  http?: HttpResult;
  mtu?: MtuResult;
  hops?: TraceHop[];
  /** Of a suite: its name, the test's name and its tags. */
  suite?: string;
  test?: string;
  tags?: string[];
  /** How often a suite's test was made until this result, where that was more than once (`--retries`). */
  tries?: number;
  /** What was in place while a suite's test was made, for people: `partition (egress, peer pod/db)`. */
  shape?: string;
  policies?: PolicyExplanation;
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
  /** It adds something to what was found, and does not say that in other words: the results' messages are still needed. */
  about?: 'shape' | 'policies';
}

/** A test of a suite that was left out of a run (`--fail-fast`): it has no results. */
export interface TestNotMade {
  suite: string;
  test: string;
}

export interface Report {
  apiVersion: typeof reportApiVersion;
  kind: 'Report';
  /** The verb: `ping`, `connect`, `dns`, `http`, `mtu`, `trace`, `run`. */
  command: string;
  startedAt: string;
  durationMs: number;
  /** Facts that change the meaning of results and are no result themselves. */
  warnings: string[];
  summary: Summary;
  results: Result[];
  hints: Hint[];
  notMade?: TestNotMade[];
}
