// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { callerName } from '../kube/identity.js';
import type { Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import { findToolContainer } from '../kube/tool-container.js';
import { rehearseToolContainers } from '../kube/tool-container-rehearsal.js';
import { offerAnotherWay } from './another-way.js';
import type { Execute } from './execute-probe.js';
import { entryKey, podsGet, toolRequest, type EntryContext, type EntryGroup, type PodEntry } from './pod-entry.js';
import { ToolContainerSession } from './tool-container-session.js';

/** Executes in an ephemeral container of ours, which is added to a pod once and reused. */
export class ToolContainerEntry implements PodEntry {
  readonly leash = true;
  readonly #refused = new Map<string, Failure>();
  #caller: string | undefined;

  constructor(readonly context: EntryContext) {}

  /** Asks nothing and announces nothing where no pod is changed. Throws Failure `forbidden` when a permission is missing. */
  async rehearse(groups: readonly EntryGroup[]): Promise<string[]> {
    const { cluster, tool, signal } = this.context;
    const isNew = groups.some(({ pods, capabilities }) => {
      const request = toolRequest(tool, capabilities, undefined);
      return pods.some((pod) => findToolContainer(pod, request) === undefined);
    });
    // Before the rehearsal, because admission policies may look at who asks.
    const caller = isNew ? await callerName(cluster, { signal }) : undefined;
    const entered = groups.map(({ pods, capabilities }) => ({
      pods,
      capabilities,
      request: toolRequest(tool, capabilities, caller),
    }));
    const changed = new Set<string>();
    await Promise.all(
      entered.map(async ({ pods, capabilities, request }) => {
        const refusals = await rehearseToolContainers(cluster, pods, request, { signal }).catch((thrown: unknown) => {
          throw offerAnotherWay(thrown, tool.entry.by);
        });
        for (const pod of pods) {
          const refusal = refusals.get(pod);
          if (refusal !== undefined) this.#refused.set(entryKey(pod, capabilities), refusal);
          else if (findToolContainer(pod, request) === undefined) changed.add(podLabel(pod));
        }
      }),
    );
    this.#caller = caller;
    const reused = entered.flatMap(({ pods }) => pods).some((pod) => !changed.has(podLabel(pod)));
    const notes =
      tool.reason !== undefined && reused
        ? [
            'where a tool container is reused, --reason is not recorded: its specification keeps the words of the first run',
          ]
        : [];
    if (changed.size === 0) return notes;
    return [
      ...notes,
      `${podsGet(changed.size)} an ephemeral container (image ${tool.image}); it ends when idle, but its entry in the pod stays until the pod is replaced`,
    ];
  }

  async enter(pod: Pod, capabilities: readonly string[]): Promise<Execute> {
    const refusal = this.#refused.get(entryKey(pod, capabilities));
    if (refusal !== undefined) throw refusal;
    const request = toolRequest(this.context.tool, capabilities, this.#caller);
    const session = await ToolContainerSession.open(this.context, pod, request);
    return (command, sinks) =>
      session.execute(command, sinks).catch((thrown: unknown) => {
        throw offerAnotherWay(thrown, this.context.tool.entry.by);
      });
  }
}
