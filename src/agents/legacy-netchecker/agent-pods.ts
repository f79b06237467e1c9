// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import { Informer } from '../../kube/informer.js';
import type { Pod } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';

const selector = 'app in (netchecker-agent, netchecker-agent-hostnet)';
const lookMs = 50;

/** The pods of netchecker's agents, by name alone as the seed knows them: in all namespaces, in any phase. */
export class AgentPods {
  private readonly informer: Informer<Pod, string>;
  private found: ReadonlySet<string> | undefined;

  constructor(cluster: Cluster, log: (line: string) => void) {
    this.informer = new Informer<Pod, string>({
      cluster,
      path: `/api/v1/pods?labelSelector=${encodeURIComponent(selector)}`,
      keep: ({ metadata }) => metadata.name,
      onChange: () => (this.found = undefined),
      onTrouble: (failure) =>
        log(
          failure === undefined
            ? 'pods of netchecker agents are followed again'
            : `pods of netchecker agents cannot be followed: ${failure.message}`,
        ),
    });
  }

  get isSynced(): boolean {
    return this.informer.isSynced;
  }

  get names(): ReadonlySet<string> {
    return (this.found ??= new Set(this.informer.items.values()));
  }

  /** Follows them until the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    return this.informer.run(signal);
  }

  /** Resolves once all are known. */
  async synced(signal: AbortSignal): Promise<void> {
    while (!this.isSynced) await pause(lookMs, signal);
  }
}
