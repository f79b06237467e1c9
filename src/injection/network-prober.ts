// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import type { KubeObject, LabelSelector } from '../kube/objects.js';
import { durationUs } from '../manifests/duration.js';
import {
  allowProberFrom,
  defaultNeighbours,
  longestPeriodMs,
  mostNeighbours,
  shortestPeriodMs,
} from '../model/prober.js';
import { matchesSelector } from '../targets/label-selectors.js';
import { checkedSelector } from './checked-selector.js';
import { isObject, type JsonObject } from './pod-template.js';

/** A NetworkProber (probes.bigmikes.io/v1alpha1) that makes sense. */
export interface ProberSpec {
  namespace: string;
  name: string;
  /** `NAMESPACE/NAME`, as `meshVariable` has it. */
  mesh: string;
  /** An empty one matches every pod. */
  selector: LabelSelector;
  pingPort: number;
  metricsPort: number;
  /** Milliseconds between two probes of one destination; Go durations may have fractions of one. */
  periodMs: number;
  /** What the spec asks for; undefined where it leaves the image to the controller. */
  image: string | undefined;
  /** How many others each pings in a large mesh; 0 is all of them. */
  neighbours: number;
}

/** The parsed object, or what is wrong with it: one line each, beginning with the field. */
export type ParsedProber = { prober: ProberSpec } | { faults: string[] };

/** The longest name: that of the ConfigMap in another namespace is `NAMESPACE.NAME`, and at most 253 characters long. */
const longestName = 253 - 63 - 1;

/** Reads a NetworkProber as the API server sends it. Never throws. */
export function parseNetworkProber(object: unknown): ParsedProber {
  const faults: string[] = [];
  const top = isObject(object) ? object : {};
  const metadata = isObject(top['metadata']) ? top['metadata'] : {};
  const spec = isObject(top['spec']) ? top['spec'] : {};
  const namespace = text(metadata, 'namespace', 'metadata.namespace', faults);
  const name = text(metadata, 'name', 'metadata.name', faults);
  if (name.length > longestName) faults.push(`metadata.name: has more than ${longestName} characters`);
  const pingPort = port(spec, 'httpPort', faults);
  const metricsPort = port(spec, 'httpPrometheusPort', faults);
  if (pingPort === metricsPort && pingPort > 0) faults.push('spec.httpPrometheusPort: must not be httpPort as well');
  const prober = {
    namespace,
    name,
    mesh: `${namespace}/${name}`,
    selector: checkedSelector(spec['podSelector'], faults),
    pingPort,
    metricsPort,
    periodMs: period(spec, faults),
    image: imageOf(spec['agentImage'], faults),
    neighbours: neighboursOf(spec['neighbours'], faults),
  };
  return faults.length === 0 ? { prober } : { faults };
}

/** Whether NetworkProbers of a namespace may select pods of another one: always their own, others by their consent. */
export function mayReach(namespace: KubeObject, proberNamespace: string): boolean {
  const { name, labels, annotations } = namespace.metadata;
  return (
    name === proberNamespace ||
    [labels?.[allowProberFrom], annotations?.[allowProberFrom]].some((words) =>
      words?.split(',').some((word) => word.trim() === proberNamespace),
    )
  );
}

/** Whether a NetworkProber selects a pod with these labels in this namespace. */
export function selects(
  { namespace: proberNamespace, selector }: ProberSpec,
  namespace: KubeObject,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return mayReach(namespace, proberNamespace) && matchesSelector(selector, labels);
}

function text(parent: JsonObject, key: string, path: string, faults: string[]): string {
  const value = parent[key];
  if (typeof value === 'string' && value !== '') return value;
  faults.push(`${path}: a text is needed here`);
  return '';
}

function port(spec: JsonObject, key: string, faults: string[]): number {
  const value = spec[key];
  const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= 65_535) return number;
  faults.push(`spec.${key}: must be a text with a number from 1 to 65535`);
  return 0;
}

function period(spec: JsonObject, faults: string[]): number {
  const value = text(spec, 'pollingPeriod', 'spec.pollingPeriod', faults);
  if (value === '') return 0;
  try {
    const ms = durationUs(value) / 1000;
    if (ms >= shortestPeriodMs && ms <= longestPeriodMs) return ms;
    faults.push(`spec.pollingPeriod: must be from ${shortestPeriodMs}ms to 24h`);
  } catch (thrown) {
    faults.push(`spec.pollingPeriod: ${asFailure(thrown).message}`);
  }
  return 0;
}

function imageOf(value: unknown, faults: string[]): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  faults.push('spec.agentImage: must be a text');
  return undefined;
}

function neighboursOf(value: unknown, faults: string[]): number {
  if (value === undefined || value === null) return defaultNeighbours;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostNeighbours) return value;
  faults.push(`spec.neighbours: must be a whole number from 0 to ${mostNeighbours}`);
  return 0;
}
