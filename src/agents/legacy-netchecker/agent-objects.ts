// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { withinTime } from '../../kube/time-limit.js';

/** The seed keeps all of its objects there. */
export const agentsNamespace = 'default';
const group = 'network-checker.ext/v1';
const path = `/apis/${group}/namespaces/${agentsNamespace}/agents`;
/** Only what carries it is deleted with its pod: what the seed's own server wrote is never deleted. */
const ownLabel = { 'app.kubernetes.io/managed-by': 'netmachinery' };
/** What the seed kept in memory only and so lost: the counters of the metrics. */
const countsAnnotation = 'netmachinery.io/netchecker-counts';
const limitMs = 5000;

export type AgentMetadata = KubeObject['metadata'];

/** What the label of an agent had counted when its object was written. */
interface AgentCounts {
  reports: number;
  errors: number;
}

/** An object agents.network-checker.ext/v1. */
interface AgentObject extends KubeObject {
  spec?: object | null;
}

/** Reads and writes the objects of the seed. Every method throws Failure. */
export class AgentObjects {
  constructor(
    private readonly cluster: Cluster,
    private readonly signal: AbortSignal,
  ) {}

  async list(): Promise<AgentObject[]> {
    const found: AgentObject[] = [];
    for await (const page of this.cluster.list<AgentObject>(path, { signal: this.signal })) found.push(...page);
    return found;
  }

  /** Replaces the spec of an object, or creates it; `known` is what is known of an object that should be there. */
  async save(
    name: string,
    spec: object,
    counts: AgentCounts,
    known: AgentMetadata | undefined,
  ): Promise<AgentMetadata> {
    const annotations = { [countsAnnotation]: JSON.stringify(counts) };
    const create = (signal: AbortSignal): Promise<AgentObject> => {
      const metadata = { name, namespace: agentsNamespace, labels: ownLabel, annotations };
      return this.cluster.create(path, { apiVersion: group, kind: 'Agent', metadata, spec }, { signal });
    };
    const replace = (metadata: AgentMetadata, signal: AbortSignal): Promise<AgentObject> => {
      const key = countsAnnotation.replace('/', '~1');
      const annotation =
        metadata.annotations === undefined
          ? { op: 'add', path: '/metadata/annotations', value: annotations }
          : { op: 'add', path: `/metadata/annotations/${key}`, value: annotations[countsAnnotation] };
      // `add` replaces what is there as a whole: no interface that is gone stays behind.
      return this.cluster.patch(`${path}/${name}`, 'json', [{ op: 'add', path: '/spec', value: spec }, annotation], {
        signal,
      });
    };
    const { metadata } = await withinTime(limitMs, this.signal, async (signal) => {
      if (known !== undefined) {
        try {
          return await replace(known, signal);
        } catch (thrown) {
          // Deleted by somebody.
          if (asFailure(thrown).status !== 404) throw thrown;
        }
      }
      try {
        return await create(signal);
      } catch (thrown) {
        if (asFailure(thrown).status !== 409) throw thrown;
        // Made by somebody.
        const { metadata: found } = await this.cluster.get<AgentObject>(`${path}/${name}`, { signal });
        return await replace(found, signal);
      }
    });
    return metadata;
  }

  /** Deletes an object; it may be gone already. */
  async delete(name: string): Promise<void> {
    try {
      await withinTime(limitMs, this.signal, (signal) => this.cluster.delete(`${path}/${name}`, { signal }));
    } catch (thrown) {
      if (asFailure(thrown).status !== 404) throw thrown;
    }
  }
}

/** Whether we made an object, and so may delete it. */
export function isOwn({ labels }: AgentMetadata): boolean {
  return Object.entries(ownLabel).every(([key, value]) => labels?.[key] === value);
}

/** The counters in an object; zeros where there are none, or no sensible ones. */
export function countsIn({ annotations }: AgentMetadata): AgentCounts {
  let value: unknown;
  try {
    value = JSON.parse(annotations?.[countsAnnotation] ?? '{}');
  } catch {
    return { reports: 0, errors: 0 };
  }
  const { reports, errors } = (value ?? {}) as Partial<Record<keyof AgentCounts, unknown>>;
  const count = (given: unknown): number => (Number.isSafeInteger(given) && Number(given) > 0 ? Number(given) : 0);
  return { reports: count(reports), errors: count(errors) };
}
