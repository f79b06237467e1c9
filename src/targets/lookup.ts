// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { EndpointSlice, Pod } from '../kube/objects.js';
import { withSuggestions, type ObjectAddress } from './missing.js';
import { collectionPath, objectPath } from './resource-types.js';

/** A selection of pods that the server makes. */
export interface PodQuery {
  namespace: string;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** Only pods that this object controls. */
  ownerUid?: string | undefined;
}

/** The fields of an EndpointSlice that matter here. */
export type SliceFacts = Pick<EndpointSlice, 'addressType' | 'endpoints' | 'ports'>;

/** Reads of one resolution: each object is fetched once, however many words name it. */
export class Lookup {
  private readonly objects = new Map<string, Promise<unknown>>();

  constructor(
    readonly cluster: Cluster,
    readonly signal?: AbortSignal,
  ) {}

  /** One object. Throws Failure `notFound` without suggestions. */
  async peek<T>({ kind, namespace, name }: ObjectAddress): Promise<T> {
    const path = objectPath(kind, namespace, name);
    return this.once(path, () => this.cluster.get<T>(path, { signal: this.signal }));
  }

  /** One object. Throws Failure `notFound` that names what is near. */
  async object<T>(address: ObjectAddress): Promise<T> {
    try {
      return await this.peek<T>(address);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'notFound') throw error;
      throw await withSuggestions(this.cluster, address, error, this.signal);
    }
  }

  /** The EndpointSlices of a Service, of all address types. */
  async slices(namespace: string, service: string): Promise<SliceFacts[]> {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`;
    return this.once(`${path}?${service}`, async () => {
      const labelSelector = `kubernetes.io/service-name=${service}`;
      const slices: SliceFacts[] = [];
      for await (const page of this.cluster.list<EndpointSlice>(path, { labelSelector, signal: this.signal })) {
        for (const { addressType, endpoints, ports } of page) {
          slices.push({ addressType, ...(endpoints && { endpoints }), ...(ports && { ports }) });
        }
      }
      return slices;
    });
  }

  /** The pods of queries, one at a time; no more than a page is held. */
  async *pods(queries: readonly PodQuery[]): AsyncGenerator<Pod> {
    for (const { namespace, labelSelector, fieldSelector, ownerUid } of queries) {
      const options = { labelSelector, fieldSelector, signal: this.signal };
      for await (const page of this.cluster.list<Pod>(collectionPath('pod', namespace), options)) {
        for (const pod of page) {
          const owners = pod.metadata.ownerReferences ?? [];
          if (ownerUid === undefined || owners.some(({ uid }) => uid === ownerUid)) yield pod;
        }
      }
    }
  }

  private once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.objects.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const started = read();
    this.objects.set(key, started);
    return started;
  }
}
