// SPDX-License-Identifier: Apache-2.0
import pLimit, { type LimitFunction } from 'p-limit';
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { Execute } from './execute-probe.js';
import { OneShotEntry } from './one-shot-entry.js';
import { OwnContainerEntry } from './own-container-entry.js';
import { entryKey, type EntryContext, type PodEntry } from './pod-entry.js';
import { ProbePodEntry } from './probe-pod-entry.js';
import type { RunObserver, ToolOptions } from './tool.js';
import { ToolContainerEntry } from './tool-container-entry.js';

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

function entryOf(context: EntryContext): PodEntry {
  const { entry } = context.tool;
  switch (entry.by) {
    case 'toolContainer':
      return new ToolContainerEntry(context);
    case 'ownContainer':
      return new OwnContainerEntry(context, entry.container);
    case 'oneShot':
      return new OneShotEntry(context);
    case 'probePod':
      return new ProbePodEntry(context, entry.lifeSeconds);
  }
}

/** Where commands are executed in pods: rehearses and announces it before the first change, and enters each pod once. */
export class Workplaces {
  /** Source pods that work at once, whatever they measure. */
  readonly atWork: LimitFunction;
  /** For proofs that read what other measuring would change. */
  readonly oneAfterAnother: LimitFunction;
  readonly proofPods: readonly SourcePod[];
  readonly #entry: PodEntry;
  /** What arrives in a pod shows in its own network only, so a pod that is like it will not do. */
  readonly #proofEntry: PodEntry;
  readonly #opened = new Map<string, Promise<Execute>>();

  constructor(
    readonly cluster: Cluster,
    readonly options: WorkplaceOptions,
  ) {
    this.atWork = pLimit(options.concurrency);
    this.oneAfterAnother = pLimit(1);
    this.proofPods = options.proofPods;
    const { tool, signal, observer } = options;
    const context = { cluster, tool, signal, observer };
    this.#entry = entryOf(context);
    this.#proofEntry = tool.entry.by === 'probePod' ? new ToolContainerEntry(context) : this.#entry;
  }

  /** Whether a source's remote commands have a standard input that ends when we do. */
  get leash(): boolean {
    return this.#entry.leash;
  }

  /** What the report has to say of the way that pods are entered; known after the rehearsal. */
  get warnings(): readonly string[] {
    return this.#entry.warnings ?? [];
  }

  /**
   * Before the first change: asks the API server whether we may, and what it would say to the change; then says on stderr
   * what is changed, and which pods beside the sources are entered. What single pods refuse is thrown when they are
   * opened. Throws Failure `forbidden` when a permission is missing, and `notFound` where a pod lacks the container of `-c`.
   * Asks nothing and says nothing where nothing is changed.
   */
  async rehearse(sources: readonly SourcePod[], controls: readonly SourcePod[]): Promise<void> {
    const { observer, tool, capabilities, proofCapabilities } = this.options;
    const others = [...(tool.entry.by === 'probePod' ? [] : controls), ...this.proofPods];
    const foreign = new Set(others.map(({ pod }) => podLabel(pod)));
    if (foreign.size > 0) observer.notice(`Note: these pods are entered as well: ${[...foreign].sort().join(', ')}`);
    const senders = { pods: distinctPods([...sources, ...controls]), capabilities };
    const proofs = { pods: distinctPods(this.proofPods), capabilities: proofCapabilities };
    const notices = await (this.#proofEntry === this.#entry
      ? this.#entry.rehearse([senders, proofs])
      : Promise.all([this.#entry.rehearse([senders]), this.#proofEntry.rehearse([proofs])]));
    for (const line of notices.flat()) observer.notice(`Note: ${line}`);
  }

  /** The execution in a source pod. Throws Failure when the pod cannot be entered. */
  open({ pod }: SourcePod): Promise<Execute> {
    return this.#open(this.#entry, pod, this.options.capabilities);
  }

  /** The execution in a destination pod, for a proof of arrival. Throws Failure when the pod cannot be entered. */
  openProof({ pod }: SourcePod): Promise<Execute> {
    return this.#open(this.#proofEntry, pod, this.options.proofCapabilities);
  }

  /** The pod that sent in the place of a source, where another one did. */
  async standIn({ pod }: SourcePod): Promise<Pod | undefined> {
    return this.#entry.standIn?.(pod);
  }

  /** Takes back what must not stay, also when the run was interrupted, and says what could not be taken back. */
  async leave(): Promise<void> {
    for (const line of (await this.#entry.leave?.()) ?? []) this.options.observer.left(line);
  }

  #open(entry: PodEntry, pod: Pod, capabilities: readonly string[]): Promise<Execute> {
    const key = `${entry === this.#entry ? 'source' : 'proof'} ${entryKey(pod, capabilities)}`;
    const opened = this.#opened.get(key) ?? entry.enter(pod, capabilities);
    this.#opened.set(key, opened);
    return opened;
  }
}

function distinctPods(sources: readonly SourcePod[]): Pod[] {
  return [...new Map(sources.map(({ pod }) => [podLabel(pod), pod])).values()];
}
