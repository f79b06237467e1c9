// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Pod } from '../kube/objects.js';
import type { Execute } from './execute-probe.js';
import { execRequest, type EntryContext, type EntryGroup, type PodEntry } from './pod-entry.js';

function requireContainer(pod: Pod, name: string): void {
  const names = pod.spec.containers.map((container) => container.name);
  const others = [...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])];
  if ([...names, ...others.map((container) => container.name)].includes(name)) return;
  throw new Failure('notFound', `container ${name} not found in pod ${pod.metadata.name}`, {
    hint: names.length === 1 ? `its container is ${names.join()}` : `its containers are ${names.join(', ')}`,
  });
}

/** Executes in a container that the pod has (`-c`); nothing is changed, so nothing is asked beforehand. */
export class OwnContainerEntry implements PodEntry {
  readonly leash = true;

  constructor(
    readonly context: EntryContext,
    readonly container: string,
  ) {}

  /** Throws Failure `notFound` where a pod lacks the container. */
  rehearse(groups: readonly EntryGroup[]): Promise<string[]> {
    for (const { pods } of groups) for (const pod of pods) requireContainer(pod, this.container);
    return Promise.resolve([]);
  }

  enter({ metadata: { namespace = '', name } }: Pod): Promise<Execute> {
    const { cluster, signal } = this.context;
    const place = { namespace, pod: name, container: this.container };
    return Promise.resolve(
      async (command, sinks) => (await cluster.exec({ ...execRequest(command, signal, sinks), ...place })).exitCode,
    );
  }
}
