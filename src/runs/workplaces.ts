// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { Execute } from './execute-probe.js';
import type { RunObserver, ToolOptions } from './tool.js';

/** How much longer than the remote command's own limit an exec may take before it is given up. */
const graceMs = 5000;

export interface WorkplaceOptions {
  tool: ToolOptions;
  /** Capabilities that a source's tool container needs. */
  capabilities: readonly string[];
  /** Destination pods that proofs of arrival enter, and the capabilities they need there. */
  proofPods: readonly SourcePod[];
  proofCapabilities: readonly string[];
  /** Source pods that work at once. */
  concurrency: number;
  signal: AbortSignal;
  observer: RunObserver;
}

/** Where commands are executed in pods: one tool container a pod and rights, prepared once, or the user's own container. */
export class Workplaces {
  readonly concurrency: number;
  readonly proofPods: readonly SourcePod[];
  readonly #opened = new Map<string, Promise<Execute>>();

  constructor(
    readonly cluster: Cluster,
    readonly options: WorkplaceOptions,
  ) {
    this.concurrency = options.concurrency;
    this.proofPods = options.proofPods;
  }

  announce(sources: readonly SourcePod[], controls: readonly SourcePod[]): void {
    void sources;
    void controls;
  }

  /** The execution in a source pod. Throws Failure when the pod cannot be entered. */
  open(pod: Pod): Promise<Execute> {
    return this.#open(pod, this.options.capabilities);
  }

  /** The execution in a destination pod, for a proof of arrival. Throws Failure when the pod cannot be entered. */
  openProof(pod: Pod): Promise<Execute> {
    return this.#open(pod, this.options.proofCapabilities);
  }

  #open(pod: Pod, capabilities: readonly string[]): Promise<Execute> {
    const key = `${pod.metadata.namespace ?? ''}/${pod.metadata.name} ${capabilities.join(',')}`;
    const opened = this.#opened.get(key) ?? this.#enter(pod, capabilities);
    this.#opened.set(key, opened);
    return opened;
  }

  #enter(pod: Pod, capabilities: readonly string[]): Promise<Execute> {
    void capabilities;
    const { container = '' } = this.options.tool;
    const { signal } = this.options;
    return Promise.resolve(async (command, sinks) => {
      const { exitCode } = await this.cluster.exec({
        namespace: pod.metadata.namespace ?? '',
        pod: pod.metadata.name,
        container,
        argv: command.argv,
        leash: true,
        deadlineMs: command.limitMs + graceMs,
        signal,
        ...sinks,
      });
      return exitCode;
    });
  }
}
