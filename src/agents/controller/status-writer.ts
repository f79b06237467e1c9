// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { controllerName } from '../../model/prober.js';
import type { ControllerMetrics } from './metrics.js';
import type { HeldProber } from './network-probers.js';
import { nextStatus, type ProberStatus, type StatusFacts } from './prober-status.js';

export interface StatusWriterOptions {
  cluster: Cluster;
  signal: AbortSignal;
  log: (line: string) => void;
  metrics: ControllerMetrics;
}

interface Sent {
  /** To which object: one that is made anew under the same name has no status yet. */
  uid: string | undefined;
  /** What the watch showed when it was sent. */
  over: ProberStatus | undefined;
  status: ProberStatus;
}

/** Writes the status of NetworkProbers, only where something changed. */
export class StatusWriter {
  private readonly sent = new Map<string, Sent>();
  private readonly told = new Set<string>();

  constructor(private readonly options: StatusWriterOptions) {}

  /** False where it has to be tried again. */
  async write(prober: HeldProber, facts: StatusFacts): Promise<boolean> {
    const mesh = `${prober.namespace}/${prober.name}`;
    const sent = this.sent.get(mesh);
    // What we sent counts until the watch shows something else than it did then.
    const counts = sent?.uid === prober.uid && isDeepStrictEqual(sent?.over, prober.status);
    const before = sent !== undefined && counts ? sent.status : prober.status;
    const status = nextStatus(before, facts, new Date());
    if (status === before) return true;
    const { cluster, signal, log, metrics } = this.options;
    const group = 'probes.bigmikes.io/v1alpha1';
    const path = `/apis/${group}/namespaces/${prober.namespace}/networkprobers/${prober.name}/status`;
    const { namespace, name } = prober;
    const body = { apiVersion: group, kind: 'NetworkProber', metadata: { namespace, name }, status };
    try {
      await cluster.patch(path, 'apply', body, { query: { fieldManager: controllerName, force: true }, signal });
      this.sent.set(mesh, { uid: prober.uid, over: prober.status, status });
      this.told.delete(mesh);
      return true;
    } catch (thrown) {
      const failure = asFailure(thrown);
      // Deleted meanwhile: there is nothing to write to.
      if (signal.aborted || failure.status === 404) return true;
      metrics.failed('status', failure.reason ?? failure.code);
      if (!this.told.has(mesh)) log(`NetworkProber ${mesh}: its status cannot be written: ${failure.message}`);
      this.told.add(mesh);
      return false;
    }
  }

  /** Forgets what is not there any more. */
  retain(meshes: ReadonlyMap<string, unknown>): void {
    for (const mesh of [...this.sent.keys(), ...this.told]) {
      if (meshes.has(mesh)) continue;
      this.sent.delete(mesh);
      this.told.delete(mesh);
    }
  }
}
