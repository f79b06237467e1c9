// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { ProbeName, Result } from '../model/report.js';
import type { Expectation } from '../model/verdict.js';
import type { DestinationRef, SourceSpec, TargetVerb, ToSelector } from '../targets/refs.js';
import type { SourceMode } from '../targets/source-choice.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { ControlChoice } from './controls.js';
import type { Measurement } from './measurement.js';
import type { Plan, Test } from './plan.js';
import type { ToolOptions } from './tool.js';
import type { Workplaces } from './workplaces.js';

/** What every verb that makes tests is asked for. */
export interface RunRequest {
  /** Of words that name none; the cluster's own by default. */
  namespace?: string | undefined;
  source: SourceSpec;
  destinations: DestinationRef[];
  toSelector?: ToSelector | undefined;
  mode: SourceMode;
  maxPods: number;
  fromNode?: string | undefined;
  /** Undefined: one family of each destination, the source's own first one where possible. */
  families?: readonly (4 | 6)[] | undefined;
  expect: Expectation;
  control: ControlChoice;
  maxLossPercent: number;
  /** What else is asked of a result than to be reached, or not (the conditions of a suite's test). */
  refine?: ((result: Result) => Result) | undefined;
  tool: ToolOptions;
  /** Source pods that work at once. */
  concurrency: number;
  labels?: Record<string, string> | undefined;
  signal: AbortSignal;
}

/** The verbs that make tests. */
type RunVerb = 'ping' | 'connect' | 'dns' | 'http' | 'mtu' | 'trace';

/** How a verb measures; everything else of a run is the same for all. */
export interface Measurer {
  verb: RunVerb;
  /** How the destinations' words are read; by default as the verb says. */
  targetVerb: TargetVerb;
  /** The protocols that a Service's ports are looked up for; none for ICMP. */
  protocols: readonly ('tcp' | 'udp')[];
  /** Capabilities that a source's tool container needs; none for the plain one. */
  capabilities: readonly string[];
  probeOf(test: Test): ProbeName;
  /**
   * What is to be tested where only the source pod knows it (its DNS servers): asked after the pods have been rehearsed, and
   * before anything is measured. The tests that it returns are numbered anew by the caller (expand-plan.ts), its notes become
   * warnings. A source that fails there keeps its tests, and their measurement says why.
   */
  expand?(tests: readonly Test[], workplaces: Workplaces): Promise<Plan>;
  /** Pods beside the sources that measuring enters for proofs of arrival, and the capabilities that it needs there. */
  proofPods?(cluster: Cluster, tests: readonly Test[], signal: AbortSignal): Promise<SourcePod[]>;
  proofCapabilities?: readonly string[];
  /** The measurement of each test by its index. What fails at one source is the measurement of its tests. */
  measure(tests: readonly Test[], workplaces: Workplaces): Promise<Map<number, Measurement>>;
}
