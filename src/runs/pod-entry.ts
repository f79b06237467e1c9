// SPDX-License-Identifier: Apache-2.0
import type { Cluster, ExecRequest } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import type { ToolContainerRequest } from '../kube/tool-container-spec.js';
import type { RemoteCommand } from '../probes/probe.js';
import type { Execute } from './execute-probe.js';
import type { RunObserver, ToolOptions } from './tool.js';

/** How much longer than the remote command's own limit an exec may take before it is given up. */
const graceMs = 5000;

/** Pods that are entered for one purpose, and the capabilities that it needs there. */
export interface EntryGroup {
  pods: readonly Pod[];
  capabilities: readonly string[];
}

/** What every way to enter pods needs. */
export interface EntryContext {
  cluster: Cluster;
  tool: ToolOptions;
  signal: AbortSignal;
  observer: RunObserver;
}

/** One way to get commands executed in pods. */
export interface PodEntry {
  /** Whether remote commands have a standard input that ends when we do. */
  readonly leash: boolean;
  /** What the report has to say of it, a line each; known after the rehearsal. */
  readonly warnings?: readonly string[];
  /**
   * Before the first change: asks whether it may be made and what the server would say to it. Resolves with what has to be
   * announced. Throws Failure where nothing can be done at all; what single pods refuse is thrown by `enter`.
   */
  rehearse(groups: readonly EntryGroup[]): Promise<string[]>;
  /** The execution in a pod. Throws Failure when it cannot be entered. */
  enter(pod: Pod, capabilities: readonly string[]): Promise<Execute>;
  /** The pod that takes a pod's place, where another one does. */
  standIn?(pod: Pod): Promise<Pod | undefined>;
  /** Takes back what must not stay, also when the run was interrupted. Resolves with what could not be taken back. */
  leave?(): Promise<string[]>;
}

/** Tells executions in a pod with different rights apart. */
export function entryKey(pod: Pod, capabilities: readonly string[]): string {
  return `${podLabel(pod)} ${capabilities.join(',')}`;
}

/** `1 pod gets` or `3 pods get`. */
export function podsGet(count: number): string {
  return count === 1 ? '1 pod gets' : `${count} pods get`;
}

/** What a tool container has to be like for these capabilities. */
export function toolRequest(
  { image, imagePullPolicy, idleSeconds, reason }: ToolOptions,
  capabilities: readonly string[],
  caller: string | undefined,
): ToolContainerRequest {
  return { image, imagePullPolicy, idleSeconds, capabilities, caller, reason };
}

/** What is the same for every exec of a run. */
export function execRequest(
  command: RemoteCommand,
  signal: AbortSignal,
  sinks: Parameters<Execute>[1],
): Omit<ExecRequest, 'namespace' | 'pod' | 'container'> {
  const { argv, input } = command;
  return { argv, input, leash: true, deadlineMs: command.limitMs + graceMs, signal, ...sinks };
}
