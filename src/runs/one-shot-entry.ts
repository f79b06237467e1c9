// SPDX-License-Identifier: Apache-2.0
import type { Failure } from '../errors/failure.js';
import { callerName } from '../kube/identity.js';
import type { Pod } from '../kube/objects.js';
import { OneShotContainers } from '../kube/one-shot-container.js';
import { rehearseOneShots } from '../kube/one-shot-rehearsal.js';
import { podLabel } from '../kube/pod-eligibility.js';
import type { Execute } from './execute-probe.js';
import { entryKey, podsGet, toolRequest, type EntryContext, type EntryGroup, type PodEntry } from './pod-entry.js';

/** Executes every command as an ephemeral container of its own and reads it from the log (`--no-exec`). */
export class OneShotEntry implements PodEntry {
  /** Nobody holds its input: a command ends by itself, or by its limit. */
  readonly leash = false;
  readonly #refused = new Map<string, Failure>();
  readonly #containers = new Map<string, OneShotContainers>();
  #caller: string | undefined;

  constructor(readonly context: EntryContext) {}

  async rehearse(groups: readonly EntryGroup[]): Promise<string[]> {
    const { cluster, tool, signal } = this.context;
    const changed = new Set<string>();
    // Before the rehearsal, because admission policies may look at who asks.
    const caller = await callerName(cluster, { signal });
    await Promise.all(
      groups.map(async ({ pods, capabilities }) => {
        const request = toolRequest(tool, capabilities, caller);
        const refusals = await rehearseOneShots(cluster, pods, request, signal);
        for (const pod of pods) {
          const refusal = refusals.get(pod);
          if (refusal === undefined) changed.add(podLabel(pod));
          else this.#refused.set(entryKey(pod, capabilities), refusal);
        }
      }),
    );
    this.#caller = caller;
    if (changed.size === 0) return [];
    return [
      `${podsGet(changed.size)} an ephemeral container for each command (image ${tool.image}); it ends with the command, but its entry in the pod stays until the pod is replaced`,
    ];
  }

  enter(pod: Pod, capabilities: readonly string[]): Promise<Execute> {
    const { cluster, tool, signal } = this.context;
    const refusal = this.#refused.get(entryKey(pod, capabilities));
    if (refusal !== undefined) return Promise.reject(refusal);
    const containers = this.#containers.get(podLabel(pod)) ?? new OneShotContainers(cluster, pod);
    this.#containers.set(podLabel(pod), containers);
    const request = {
      tool: toolRequest(tool, capabilities, this.#caller),
      startTimeoutMs: tool.startTimeoutMs,
      signal,
    };
    return Promise.resolve((command, sinks) => containers.run({ ...command, ...sinks, ...request }));
  }

  /** Nothing can be taken back: what was begun is named. */
  leave(): Promise<string[]> {
    for (const containers of this.#containers.values()) {
      for (const line of containers.unfinished()) this.context.observer.notice(`Note: ${line}`);
    }
    return Promise.resolve([]);
  }
}
