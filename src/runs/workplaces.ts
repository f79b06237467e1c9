// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster, ExecRequest } from '../kube/cluster.js';
import { execWhenReady } from '../kube/exec-when-ready.js';
import type { Pod } from '../kube/objects.js';
import { findToolContainer, prepareToolContainer } from '../kube/tool-container.js';
import { rehearseToolContainers } from '../kube/tool-container-rehearsal.js';
import { markWork } from '../kube/tool-container-script.js';
import type { ToolContainerRequest } from '../kube/tool-container-spec.js';
import type { RemoteCommand } from '../probes/probe.js';
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

function count(pods: number): string {
  return pods === 1 ? '1 pod gets' : `${pods} pods get`;
}

function podName({ metadata: { namespace = '', name } }: Pod): string {
  return `${namespace}/${name}`;
}

function workplaceKey(pod: Pod, capabilities: readonly string[]): string {
  return `${podName(pod)} ${capabilities.join(',')}`;
}

function requireContainer(pod: Pod, name: string): void {
  const names = pod.spec.containers.map((container) => container.name);
  const others = [...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])];
  if ([...names, ...others.map((container) => container.name)].includes(name)) return;
  throw new Failure('notFound', `container ${name} not found in pod ${pod.metadata.name}`, {
    hint: names.length === 1 ? `its container is ${names.join()}` : `its containers are ${names.join(', ')}`,
  });
}

/** Where commands are executed in pods: one tool container a pod and rights, prepared once, or the user's own container. */
export class Workplaces {
  readonly concurrency: number;
  readonly proofPods: readonly SourcePod[];
  readonly #opened = new Map<string, Promise<Execute>>();
  readonly #refused = new Map<string, Failure>();

  constructor(
    readonly cluster: Cluster,
    readonly options: WorkplaceOptions,
  ) {
    this.concurrency = options.concurrency;
    this.proofPods = options.proofPods;
  }

  /**
   * Before the first change: asks the API server whether we may, and what it would say to the change; then says on stderr
   * how many pods get an entry that stays, and which pods beside the sources are entered. What single pods refuse is
   * thrown when they are opened. Throws Failure `forbidden` when a permission is missing, and `notFound`
   * where a pod lacks the container of `-c`. Asks nothing and says nothing
   * where no pod is changed.
   */
  async rehearse(sources: readonly SourcePod[], controls: readonly SourcePod[]): Promise<void> {
    const { observer, tool, signal, capabilities, proofCapabilities } = this.options;
    const foreign = new Set([...controls, ...this.proofPods].map(({ pod }) => podName(pod)));
    if (foreign.size > 0) observer.notice(`Note: these pods are entered as well: ${[...foreign].sort().join(', ')}`);
    if (tool.container !== undefined) {
      for (const { pod } of [...sources, ...controls, ...this.proofPods]) requireContainer(pod, tool.container);
      return;
    }
    const entered = [
      { pods: [...sources, ...controls].map(({ pod }) => pod), request: this.#request(capabilities) },
      { pods: this.proofPods.map(({ pod }) => pod), request: this.#request(proofCapabilities) },
    ];
    const changed = new Set<string>();
    await Promise.all(
      entered.map(async ({ pods, request }) => {
        const refusals = await rehearseToolContainers(this.cluster, pods, request, { signal });
        for (const pod of pods) {
          const refusal = refusals.get(pod);
          if (refusal !== undefined) this.#refused.set(workplaceKey(pod, request.capabilities ?? []), refusal);
          else if (findToolContainer(pod, request) === undefined) changed.add(podName(pod));
        }
      }),
    );
    if (changed.size === 0) return;
    observer.notice(
      `Note: ${count(changed.size)} an ephemeral container (image ${tool.image}); it ends when idle, but its entry in the pod stays until the pod is replaced`,
    );
  }

  /** The execution in a source pod. Throws Failure when the pod cannot be entered. */
  open(pod: Pod): Promise<Execute> {
    return this.#open(pod, this.options.capabilities);
  }

  /** The execution in a destination pod, for a proof of arrival. Throws Failure when the pod cannot be entered. */
  openProof(pod: Pod): Promise<Execute> {
    return this.#open(pod, this.options.proofCapabilities);
  }

  #request(capabilities: readonly string[]): ToolContainerRequest {
    const { image, imagePullPolicy, idleSeconds } = this.options.tool;
    return { image, imagePullPolicy, idleSeconds, capabilities };
  }

  #open(pod: Pod, capabilities: readonly string[]): Promise<Execute> {
    const key = workplaceKey(pod, capabilities);
    const opened = this.#opened.get(key) ?? this.#enter(pod, capabilities);
    this.#opened.set(key, opened);
    return opened;
  }

  async #enter(pod: Pod, capabilities: readonly string[]): Promise<Execute> {
    const { tool, signal } = this.options;
    if (tool.container !== undefined) return this.#ownContainer(pod, tool.container);
    const refusal = this.#refused.get(workplaceKey(pod, capabilities));
    if (refusal !== undefined) throw refusal;
    const container = await prepareToolContainer(this.cluster, pod, this.#request(capabilities), { signal });
    return async (command, sinks) => {
      const request = this.#execRequest(pod, container.name, command, sinks);
      const marked = { ...request, argv: markWork(command.argv, command.limitMs / 1000) };
      const { startTimeoutMs } = tool;
      const { exitCode } = await execWhenReady(this.cluster, container, marked, { startTimeoutMs });
      return exitCode;
    };
  }

  #ownContainer(pod: Pod, name: string): Execute {
    return async (command, sinks) => (await this.cluster.exec(this.#execRequest(pod, name, command, sinks))).exitCode;
  }

  #execRequest(pod: Pod, container: string, command: RemoteCommand, sinks: Parameters<Execute>[1]): ExecRequest {
    return {
      namespace: pod.metadata.namespace ?? '',
      pod: pod.metadata.name,
      container,
      argv: command.argv,
      leash: true,
      deadlineMs: command.limitMs + graceMs,
      signal: this.options.signal,
      ...sinks,
    };
  }
}
