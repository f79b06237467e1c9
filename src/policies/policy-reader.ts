// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import type { Cluster, ListOptions } from '../kube/cluster.js';
import type { EndpointSlice, KubeObject, NetworkPolicy, Pod, Service } from '../kube/objects.js';
import { isFinished } from '../targets/pod-facts.js';
import { objectPath } from '../targets/resource-types.js';

/** Requests at once: a run that failed everywhere asks for many pods. */
const concurrency = 16;
/** More addresses of strangers are not looked up: each is a search through all pods and Services. */
const maxOwners = 20;

/** Whose address it is, as far as may be read; `nobody` is neither a pod nor a Service. */
export type AddressOwner = { pod: Pod } | { service: Service } | 'nobody' | undefined;

/**
 * What evaluating policies needs of the cluster, each thing asked for once. What cannot be read is undefined, and nothing
 * throws: explanations are extras.
 */
export class PolicyReader {
  readonly #limit = pLimit(concurrency);
  readonly #asked = new Map<string, Promise<unknown>>();
  #owners = 0;

  constructor(
    private readonly cluster: Cluster,
    private readonly signal: AbortSignal,
  ) {}

  policies(namespace: string): Promise<readonly NetworkPolicy[] | undefined> {
    const path = `/apis/networking.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/networkpolicies`;
    return this.#once(path, () => this.#list<NetworkPolicy>(path));
  }

  pod(namespace: string, name: string): Promise<Pod | undefined> {
    const path = objectPath('pod', namespace, name);
    return this.#once(path, () => this.cluster.get<Pod>(path, { signal: this.signal }));
  }

  service(namespace: string, name: string): Promise<Service | undefined> {
    const path = objectPath('service', namespace, name);
    return this.#once(path, () => this.cluster.get<Service>(path, { signal: this.signal }));
  }

  /** The EndpointSlices of a Service. */
  slices(namespace: string, service: string): Promise<readonly EndpointSlice[] | undefined> {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`;
    const labelSelector = `kubernetes.io/service-name=${service}`;
    return this.#once(`${path} ${service}`, () => this.#list<EndpointSlice>(path, { labelSelector }));
  }

  async namespaceLabels(namespace: string): Promise<Record<string, string> | undefined> {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
    const found = await this.#once(path, () => this.cluster.get<KubeObject>(path, { signal: this.signal }));
    return found === undefined ? undefined : (found.metadata.labels ?? {});
  }

  /**
   * Whose address it is, by the first address of each pod and Service of the cluster: `family` is that of pods' first ones,
   * and of an address of the other nothing can be said.
   */
  owner(address: string, family: 4 | 6): Promise<AddressOwner> {
    return this.#once(`owner ${address}`, async () => {
      this.#owners += 1;
      if (this.#owners > maxOwners) return undefined;
      const [pods, [service]] = await Promise.all([
        this.#search<Pod>('/api/v1/pods', `status.podIP=${address}`),
        this.#search<Service>('/api/v1/services', `spec.clusterIP=${address}`),
      ]);
      // The address of a pod that has ended may be another's by now.
      const pod = pods.find((each) => !isFinished(each));
      if (pod !== undefined) return { pod };
      if (service !== undefined) return { service };
      return address.includes(':') === (family === 6) ? 'nobody' : undefined;
    });
  }

  /** Through everything, so the API server's own cache has to do (API concepts, "resourceVersion=0"). */
  #search<T extends KubeObject>(path: string, fieldSelector: string): Promise<T[]> {
    return this.#list<T>(path, { fieldSelector, query: { resourceVersion: '0' } });
  }

  async #list<T extends KubeObject>(path: string, options: ListOptions = {}): Promise<T[]> {
    const found: T[] = [];
    for await (const page of this.cluster.list<T>(path, { ...options, signal: this.signal })) found.push(...page);
    return found;
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T | undefined> {
    const known = this.#asked.get(key) as Promise<T | undefined> | undefined;
    if (known !== undefined) return known;
    const answer = this.#limit(read).catch((): undefined => undefined);
    this.#asked.set(key, answer);
    return answer;
  }
}
