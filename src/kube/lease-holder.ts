// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';
import type { KubeObject } from './objects.js';
import { withinTime } from './time-limit.js';

/** A Lease that is not given back runs out by itself. */
const releaseMs = 3000;

/** The times of client-go's leader election, as kube-controller-manager has them. */
export interface ElectionTimes {
  /** How long others wait after the last renewal that they saw before they take the Lease. */
  leaseMs: number;
  /** A leader that cannot renew for this long is none any more; less than `leaseMs`, so that there are never two. */
  renewMs: number;
  /** Time between two tries. */
  retryMs: number;
}

export interface Candidate {
  cluster: Cluster;
  /** Of the Lease. */
  namespace: string;
  name: string;
  /** Unique: two candidates of the same identity would both lead. */
  identity: string;
  times?: ElectionTimes | undefined;
  log: (line: string) => void;
}

interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

interface Lease extends KubeObject {
  spec?: LeaseSpec;
}

type Attempt = 'held' | 'other' | 'conflict';

/** One's own view of a coordination.k8s.io/v1 Lease. Clocks of other machines are never compared with one's own. */
export class LeaseHolder {
  private readonly path: string;
  private seen = '';
  private seenAtMs = 0;
  private told = '';

  constructor(
    private readonly candidate: Candidate,
    private readonly times: ElectionTimes,
  ) {
    this.path = `/apis/coordination.k8s.io/v1/namespaces/${candidate.namespace}/leases`;
  }

  /** Takes or renews the Lease. Throws Failure where the server says neither yes nor no. */
  async attempt(signal: AbortSignal): Promise<Attempt> {
    const { cluster, name, identity } = this.candidate;
    const now = microTime(new Date());
    const own = {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(this.times.leaseMs / 1000),
      renewTime: now,
    };
    const lease = await this.read(signal);
    if (lease === undefined) {
      const spec = { ...own, acquireTime: now, leaseTransitions: 0 };
      const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name }, spec };
      return written(cluster.create(this.path, body, { signal }));
    }
    const { holderIdentity = '', leaseTransitions = 0 } = lease.spec ?? {};
    if (holderIdentity === identity) return this.patch(lease, own, signal);
    if (holderIdentity !== '' && !this.hasRunOut(lease)) {
      if (this.told !== holderIdentity) this.candidate.log(`${holderIdentity} leads`);
      this.told = holderIdentity;
      return 'other';
    }
    return this.patch(lease, { ...own, acquireTime: now, leaseTransitions: leaseTransitions + 1 }, signal);
  }

  /** Gives the Lease back, so that the next one need not wait. */
  release(): Promise<void> {
    return withinTime(releaseMs, undefined, (signal) => this.giveBack(signal));
  }

  private async giveBack(signal: AbortSignal): Promise<void> {
    const lease = await this.read(signal);
    if (lease?.spec?.holderIdentity !== this.candidate.identity) return;
    await this.patch(lease, { holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(new Date()) }, signal);
  }

  private async read(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.candidate.cluster.get<Lease>(`${this.path}/${this.candidate.name}`, { signal });
    } catch (thrown) {
      if (asFailure(thrown).status === 404) return undefined;
      throw thrown;
    }
  }

  private hasRunOut({ metadata, spec }: Lease): boolean {
    const now = performance.now();
    const version = metadata.resourceVersion ?? '';
    if (version !== this.seen) {
      this.seen = version;
      this.seenAtMs = now;
    }
    return now - this.seenAtMs > (spec?.leaseDurationSeconds ?? 0) * 1000;
  }

  /** Only as it was read: who comes second of two gets a conflict. */
  private patch({ metadata: { resourceVersion } }: Lease, spec: LeaseSpec, signal: AbortSignal): Promise<Attempt> {
    const path = `${this.path}/${this.candidate.name}`;
    return written(this.candidate.cluster.patch(path, 'merge', { metadata: { resourceVersion }, spec }, { signal }));
  }
}

async function written(writing: Promise<unknown>): Promise<Attempt> {
  try {
    await writing;
    return 'held';
  } catch (thrown) {
    if (asFailure(thrown).status === 409) return 'conflict';
    throw thrown;
  }
}

/** As Go's metav1.MicroTime wants it: six digits. */
function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
