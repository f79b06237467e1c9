// SPDX-License-Identifier: Apache-2.0
import type { Expectation } from '../model/verdict.js';
import type { EffectWords } from '../shaping/effect-words.js';
import type { DestinationRef, PortRef, Protocol, SourceSpec } from '../targets/refs.js';
import type { SourceMode } from '../targets/source-choice.js';
import type { Condition } from './conditions.js';
import type { SuiteProbe } from './suite-probe.js';

/** Pods by label, perhaps of several namespaces. */
export interface PodsByLabel {
  kind: 'pods';
  /** As a person would write it. */
  text: string;
  /** A label selector as the API takes it; empty for all pods. */
  selector: string;
  /** A field selector as the API takes it (nethax plans). */
  fieldSelector?: string;
  /** Named ones, or those with these labels (empty: all); neither: the test's own namespace. */
  namespaces?: string[];
  namespaceSelector?: string;
}

export type SuiteSource = SourceSpec | PodsByLabel;

/** The name that a `dns` test asks for; `names` of its probe has the same ones. */
export interface DestinationWords {
  kind: 'words';
  text: string;
}

/**
 * A pod that is connected to at a port that it declares (networkmachinery's delay tests name none): the first TCP port of
 * its containers, in their order; a pod without one is unsupported. Which pod was taken and which port belong into the result.
 */
export interface ChosenPod {
  kind: 'chosenPod';
  text: string;
  /** That one; the first running pod on a node; or the first running one on another node than the source's. */
  pod: { by: 'name'; namespace: string; name: string } | { by: 'node'; node: string } | { by: 'anotherNode' };
  /** Where the file names one after all. */
  port?: PortRef;
}

/** `ports` and `protocol` of the pods by label; a `DestinationRef` has its own. */
export type SuiteDestination =
  DestinationRef | (PodsByLabel & { ports: PortRef[]; protocol?: Protocol }) | DestinationWords | ChosenPod;

/** Where the positive control of a denied test comes from (`--control`); `otherSources` are those of the whole run. */
export type SuiteControl =
  { from: 'otherSources' } | { from: 'destination' } | { from: 'none' } | { from: 'source'; spec: SourceSpec };

/** A shape that lasts while tests are made; it is cleared afterwards. */
export interface SuiteShape {
  /** Undefined: exactly the pods that the test sends from. */
  source?: SuiteSource;
  /** How many pods of `source` are shaped. */
  mode: SourceMode;
  effects: EffectWords;
  direction: 'egress' | 'ingress' | 'both';
  /** Words of `--peer`, already read once: names (with the test's namespace, if it has one), addresses, networks. */
  peers: string[];
}

/** One test of a suite: every source to every destination, with one probe and one expectation. */
export interface SuiteTest {
  name: string;
  /** `file.yaml:12:5`, for messages. */
  place: string;
  tags: string[];
  /** That words without a namespace are in. Undefined: the cluster's. */
  namespace?: string;
  sources: SuiteSource[];
  destinations: SuiteDestination[];
  probe: SuiteProbe;
  expect: Expectation;
  /** Numeric and other expectations of what was reached. */
  conditions: Condition[];
  control: SuiteControl;
  /** How many pods of each source send. */
  mode: SourceMode;
  families?: readonly (4 | 6)[];
  maxLossPercent: number;
  /** More tries of what did not pass, and the pause before each. */
  retries: number;
  retryDelayMs: number;
  /** Waited before the test is begun: what was applied just before it needs time. */
  settleMs: number;
  while?: SuiteShape;
  /** Why it can not be made by any run; it is reported as `unsupported`. */
  unsupported?: string;
}

/** What files are taken for. */
export type SuiteFormat =
  'NetworkTest' | 'NetworkConnectivityTest' | 'NetworkDelayTest' | 'netassert tests' | 'nethax plan';

/** What a file asks for, whatever format it was written in. */
export interface Suite {
  /** Of its metadata, else of the file. */
  name: string;
  file: string;
  format: SuiteFormat;
  tests: SuiteTest[];
  /** The period of `--watch`, where the file has one. */
  periodMs?: number;
}
