// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import { leadByLease } from '../../kube/leader-election.js';
import type { ElectionTimes } from '../../kube/lease-holder.js';
import { controllerName } from '../../model/prober.js';
import { healthPages, metricsPage, servePages } from '../page-server.js';
import { keepCertificates } from '../certificates/keep-certificates.js';
import type { ControllerEnvironment } from './environment.js';
import { PeerListKeeper } from './keep-peer-lists.js';
import { ControllerMetrics } from './metrics.js';

/** As k8s-network-prober's operator has them. */
const usualPorts = { metrics: 8080, health: 8081 };
const graceMs = 2000;

export interface ControllerOptions {
  cluster: Cluster;
  environment: ControllerEnvironment;
  /** 8080 and 8081 where absent; 0 is a free one. */
  ports?: { metrics: number; health: number };
  /** Those of client-go where absent. */
  times?: ElectionTimes;
  /** Takes one line for the log of the container. */
  log: (line: string) => void;
}

export interface RunningController {
  readonly metricsPort: number;
  readonly healthPort: number;
  /** Whether this one holds the Lease. */
  readonly isLeader: boolean;
  /** Resolves after `stop`; rejects where its work failed in a way that it cannot go on from. */
  readonly ended: Promise<void>;
  /** Ends its work, then gives the Lease back. */
  stop(): Promise<void>;
}

/** Serves health and metrics, stands for leader, and does the work whenever it leads. Throws Failure when a port cannot be had. */
export async function startController(options: ControllerOptions): Promise<RunningController> {
  const { cluster, environment, ports = usualPorts, log } = options;
  const metrics = new ControllerMetrics();
  metrics.leads(false);
  const end = new AbortController();
  let keeper: PeerListKeeper | undefined;

  const work = async (signal: AbortSignal): Promise<void> => {
    metrics.leads(true);
    keeper = new PeerListKeeper({ cluster, images: environment.images, log, metrics }, signal);
    // Ends with the signal, and by itself only then: it never rejects.
    const certificates =
      environment.certificates === 'own'
        ? keepCertificates({ cluster, namespace: environment.namespace, signal, log })
        : Promise.resolve();
    try {
      await keeper.run();
      await certificates;
    } finally {
      keeper = undefined;
      metrics.leads(false);
    }
  };
  // Who stands by is ready: it would do the work at once.
  const whyNotReady = (): string | undefined =>
    keeper?.isSynced === false ? 'the objects of the cluster are not all read yet' : undefined;

  const health = await servePages(ports.health, healthPages(whyNotReady));
  const page = () => metricsPage(metrics);
  const server = await servePages(ports.metrics, { '/metrics': page }).catch(async (thrown: unknown) => {
    await health.close(0);
    throw thrown;
  });
  const { namespace, identity } = environment;
  const candidate = { cluster, namespace, name: controllerName, identity, times: options.times, log };
  const ended = leadByLease(candidate, work, end.signal).finally(() =>
    Promise.all([health.close(graceMs), server.close(graceMs)]),
  );
  return {
    metricsPort: server.port,
    healthPort: health.port,
    get isLeader() {
      return keeper !== undefined;
    },
    ended,
    stop: () => {
      end.abort();
      return ended;
    },
  };
}
