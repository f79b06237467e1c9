// SPDX-License-Identifier: Apache-2.0
import type { Failure } from '../../errors/failure.js';
import { parseNetworkProber, type ProberSpec } from '../../injection/network-prober.js';
import type { Cluster } from '../../kube/cluster.js';
import { Informer } from '../../kube/informer.js';
import type { KubeObject } from '../../kube/objects.js';
import { allowProberFrom } from '../../model/prober.js';

/** All NetworkProbers and Namespaces of the cluster, as far as an admission needs them. */
export class KnownObjects {
  private readonly probers: Informer<KubeObject, ProberSpec>;
  private readonly homes: Informer<KubeObject, KubeObject>;

  constructor(cluster: Cluster, log: (line: string) => void) {
    const onTrouble =
      (what: string) =>
      (failure: Failure | undefined): void =>
        log(failure === undefined ? `${what} are read again` : `${what}: ${failure.message}`);
    const onChange = (): void => undefined;
    this.probers = new Informer({
      cluster,
      path: '/apis/probes.bigmikes.io/v1alpha1/networkprobers',
      // One that is being deleted gets no new pods, and one that makes no sense has its faults in its status.
      keep: (object) => {
        const parsed = parseNetworkProber(object);
        return object.metadata.deletionTimestamp === undefined && 'prober' in parsed ? parsed.prober : undefined;
      },
      onChange,
      onTrouble: onTrouble('NetworkProbers'),
      absentIsEmpty: true,
    });
    this.homes = new Informer({
      cluster,
      path: '/api/v1/namespaces',
      keep: ({ metadata: { name, labels, annotations } }) => ({
        metadata: { name, labels: consent(labels), annotations: consent(annotations) },
      }),
      onChange,
      onTrouble: onTrouble('Namespaces'),
    });
  }

  /** Whether both lists were read. */
  get isSynced(): boolean {
    return this.probers.isSynced && this.homes.isSynced;
  }

  get networkProbers(): ProberSpec[] {
    return [...this.probers.items.values()];
  }

  get namespaces(): ReadonlyMap<string, KubeObject> {
    return this.homes.items;
  }

  /** Resolves when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.probers.run(signal), this.homes.run(signal)]);
  }
}

/** A cluster may have thousands of Namespaces with much on them. */
function consent(fields: Record<string, string> = {}): Record<string, string> {
  const words = fields[allowProberFrom];
  return words === undefined ? {} : { [allowProberFrom]: words };
}
