// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { ProbeName } from '../model/report.js';
import type { Expectation } from '../model/verdict.js';
import type { DestinationRef, SourceSpec, ToSelector } from '../targets/refs.js';
import type { SourceMode } from '../targets/source-choice.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { ControlChoice } from './controls.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import type { ToolOptions } from './tool.js';
import type { Workplaces } from './workplaces.js';

/** What every verb that makes tests is asked for. */
export interface RunRequest {
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
  tool: ToolOptions;
  /** Source pods that work at once. */
  concurrency: number;
  labels?: Record<string, string> | undefined;
  signal: AbortSignal;
}

/** How a verb measures; everything else of a run is the same for all. */
export interface Measurer {
  verb: 'ping' | 'connect';
  /** The protocols that a Service's ports are looked up for; none for ICMP. */
  protocols: readonly ('tcp' | 'udp')[];
  /** Capabilities that a source's tool container needs; none for the plain one. */
  capabilities: readonly string[];
  probeOf(test: Test): ProbeName;
  /** Pods beside the sources that measuring enters for proofs of arrival, and the capabilities that it needs there. */
  proofPods?(cluster: Cluster, tests: readonly Test[], signal: AbortSignal): Promise<SourcePod[]>;
  proofCapabilities?: readonly string[];
  /** The measurement of each test by its index. What fails at one source is the measurement of its tests. */
  measure(tests: readonly Test[], workplaces: Workplaces): Promise<Map<number, Measurement>>;
}
