// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../kube/cluster.js';
import { leadByLease } from '../../kube/leader-election.js';
import type { ElectionTimes } from '../../kube/lease-holder.js';
import { checkServerName } from '../../model/check.js';
import { checkCertificate } from '../certificates/check-certificate.js';
import { keepCertificates } from '../certificates/keep-certificates.js';
import type { Listening } from '../listening.js';
import { healthPages, metricsPage, servePages } from '../page-server.js';
import { agentMetrics } from './agent-metrics.js';
import { CheckApi } from './api.js';
import { listenApi, usualLimits, type ApiLimits } from './api-listener.js';
import { Callers } from './callers.js';
import { Forwarder } from './forward.js';
import { Leading } from './leading.js';
import { listenLoopback } from './loopback.js';
import { CheckServerMetrics } from './metrics.js';
import type { CheckPlace } from './place.js';
import { certificateInformer } from './serving-certificate.js';
import { World } from './world.js';

/** What runs when the server ends gets this long. */
const graceMs = 3000;

export interface CheckServerOptions {
  cluster: Cluster;
  place: CheckPlace;
  /** The pod's name. */
  name: string;
  /** `HOST:PORT` where the other replica reaches our API; where it has no port, that of our listener. */
  address: string;
  /** 0 is a free one. `legacy` is undefined where netchecker's API is not served. */
  ports: { api: number; health: number; metrics: number; loopback: number; legacy: number | undefined };
  /** The address to listen on; all of them where it is not set. */
  host?: string;
  /** The token of our own ServiceAccount, with which a standby asks the leader for the status. */
  ownToken: () => Promise<string>;
  /** How long it goes on answering after it is no longer ready, so that nobody is sent to it any more. */
  drainMs: number;
  limits?: ApiLimits;
  /** Those of client-go where absent. */
  times?: ElectionTimes;
  /** Takes one line for the log of the container. */
  log: (line: string) => void;
}

export interface RunningCheckServer {
  readonly ports: { api: number; health: number; metrics: number; loopback: number; legacy: number | undefined };
  /** Whether this one leads, and knows all that it has to. */
  readonly isLeading: boolean;
  /** Resolves after `stop`; rejects where its work failed in a way that it cannot go on from. */
  readonly ended: Promise<void>;
  /** Is no longer ready at once, gives the Lease back, and ends. */
  stop(): Promise<void>;
}

/** Starts to serve and stands for leader. Throws Failure when a port cannot be had. */
export async function startCheckServer(options: CheckServerOptions): Promise<RunningCheckServer> {
  const { cluster, place, ports, host, log, drainMs, limits = usualLimits } = options;
  const { namespace, hostNamespace } = place;
  const end = new AbortController();
  // Every watch listens to it.
  setMaxListeners(0, end.signal);
  const metrics = new CheckServerMetrics();
  const world = new World({ cluster, place, log });
  const forwarder = new Forwarder(`${checkServerName}.${namespace}.svc`);
  let leading: Leading | undefined;
  let hasCertificate = false;
  let isEnding = false;

  const listeners: Listening[] = [];
  const opened = async <T extends Listening>(opening: Promise<T>): Promise<T> => {
    try {
      const listener = await opening;
      listeners.push(listener);
      return listener;
    } catch (thrown) {
      await Promise.all(listeners.map((listener) => listener.close(0)));
      throw thrown;
    }
  };

  /** The other's address; our own Lease of a moment ago is nobody's. */
  const leaderAddress = (): string | undefined => {
    const [, address] = world.leader?.split('_') ?? [];
    return world.leader === identity() ? undefined : address;
  };
  const api = new CheckApi({
    world,
    callers: new Callers(cluster, place),
    forwarder,
    metrics,
    leading: () => leading,
    leaderAddress,
  });
  const https = await opened(listenApi(ports.api, host, limits, (request) => api.handle(request), log));
  const loopback = await opened(listenLoopback(ports.loopback, (body) => api.status(body, options.ownToken), log));
  const missing = (): string | undefined => {
    if (isEnding) return 'ending';
    if (!hasCertificate) return 'no certificate yet';
    if (!world.isSynced) return 'the objects of the cluster are not all read yet';
    return leading?.isReady === false ? 'what is known of agents is still being read' : undefined;
  };
  const health = await opened(servePages(ports.health, healthPages(missing), host));
  const page = async () => ({
    ...(await metricsPage(metrics)),
    text:
      (await metrics.text()) +
      (leading?.isReady === true ? await agentMetrics(leading.book, world, leading.judge) : ''),
  });
  const measured = await opened(servePages(ports.metrics, { '/metrics': page }, host));

  const life = randomUUID();
  const address = /:\d+$/.test(options.address) ? options.address : `${options.address}:${https.port}`;
  function identity(): string {
    return `${options.name}_${address}_${life}`;
  }
  const secret = certificateInformer({
    cluster,
    namespace,
    log,
    use: ({ certificate, key, authorities }) => {
      https.use(certificate, key);
      forwarder.believe(authorities);
      hasCertificate = true;
    },
  });
  const purpose = checkCertificate(namespace, hostNamespace === undefined ? [namespace] : [namespace, hostNamespace]);
  const work = async (signal: AbortSignal): Promise<void> => {
    const own = new Leading({ cluster, place, world, metrics, log }, signal);
    leading = own;
    metrics.leads(true);
    try {
      // Ends with the signal, and by itself only then: it never rejects.
      await Promise.all([own.run(), keepCertificates({ cluster, namespace, purpose, signal, log })]);
    } finally {
      leading = undefined;
      metrics.leads(false);
    }
  };
  const legacy =
    ports.legacy === undefined
      ? undefined
      : await (
          await import('../legacy-netchecker/legacy.js')
        ).startLegacy({
          cluster,
          port: ports.legacy,
          ...(host === undefined ? {} : { host }),
          log,
          leader: () => ({
            isOurs: leading !== undefined,
            address: leading === undefined ? leaderAddress()?.replace(/:\d+$/, '') : undefined,
          }),
        });
  const candidate = { cluster, namespace, name: checkServerName, identity: identity(), times: options.times, log };
  const running = Promise.all([
    leadByLease(candidate, work, end.signal),
    world.run(end.signal),
    secret.run(end.signal),
  ]).then(() => undefined);
  const ended = running.finally(async () => {
    end.abort();
    forwarder.close();
    await Promise.all([legacy?.stop(), ...listeners.map((listener) => listener.close(graceMs))]);
  });
  ended.catch(() => undefined);
  return {
    ports: {
      api: https.port,
      health: health.port,
      metrics: measured.port,
      loopback: loopback.port,
      legacy: legacy?.port,
    },
    get isLeading() {
      return leading?.isReady === true;
    },
    ended,
    stop: async () => {
      isEnding = true;
      // The other one can lead at once; until endpoints have lost this one, it passes on.
      await sleep(drainMs);
      end.abort();
      await ended;
    },
  };
}
