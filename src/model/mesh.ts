// SPDX-License-Identifier: Apache-2.0
import type { ProbeProtocol } from './prober.js';
import type { RttMs } from './report.js';

/** What rows and columns of a mesh stand for. */
export const meshGroupings = ['pod', 'workload', 'node'] as const;
export type MeshGrouping = (typeof meshGroupings)[number];

/** What probes, is probed, or both. */
export interface MeshMember {
  /** As pairs name it: `NAMESPACE/POD`, `NAMESPACE/TYPE/NAME` of a workload, or a node's name (`<unknown>` where nobody tells). */
  name: string;
  /** Not of a node. */
  namespace?: string;
  /** Pods that it stands for. */
  pods: number;
  /** How many of their probers were read, and how many could not be; none of both where it was only seen as a destination. */
  read: number;
  unread: number;
  /** Why the first of those could not be read. */
  message?: string;
  /** The node of a pod. */
  node?: string;
  /** Peer lists have it no more; it was probed a moment ago. */
  left?: true;
}

/** What one member found of another, of all probes within the window. */
export interface MeshPair {
  source: string;
  destination: string;
  protocol: ProbeProtocol;
  /** Probes that have ended, `failed` ones included; 0: nothing is known yet. */
  sent: number;
  failed: number;
  /** Not where nothing was sent. */
  lossPercent?: number;
  /** How many failed for which reason, such as `timeout`. */
  failures: Record<string, number>;
  /** Of those that did not fail; HTTP until the head of the response, TCP until connected, ICMP until the reply. */
  rttMs?: RttMs;
}

export interface Mesh {
  /** `NAME`, or `NAMESPACE/NAME` of a NetworkProber. */
  name: string;
  /** The longest time between two probes of one pair. */
  periodMs?: number;
  members: MeshMember[];
  pairs: MeshPair[];
}

/** The contract of `mesh -o json`. */
export interface MeshReport {
  apiVersion: 'netmachinery.io/v1';
  kind: 'MeshReport';
  startedAt: string;
  durationMs: number;
  /** Probes that ended longer ago than this do not count. */
  sinceMs: number;
  by: MeshGrouping;
  meshes: Mesh[];
}
