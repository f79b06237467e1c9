// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { Backoff } from '../../kube/backoff.js';
import { pause } from '../../kube/pause.js';
import { serverVersion } from '../../kube/server-version.js';
import type { AgentImages } from '../agent-images.js';
import type { HttpListener } from '../http-listener.js';
import { healthPages, metricsPage, servePages } from '../page-server.js';
import { admit, type Admission } from './admit.js';
import type { AdmissionRequest } from './admission-review.js';
import { answerReview } from './answer.js';
import { listenHttps, type Answer } from './https-listener.js';
import { KnownObjects } from './known-objects.js';
import { WebhookMetrics } from './metrics.js';
import { certificateInformer } from './serving-certificate.js';

/** What runs when the webhook ends gets this long. */
const graceMs = 5000;

export interface WebhookOptions {
  cluster: Cluster;
  /** Of the Secret with the certificate. */
  namespace: string;
  images: AgentImages;
  /** 0 is a free one. */
  ports: { admission: number; health: number; metrics: number };
  /** The address to listen on; all of them where it is not set. */
  host?: string;
  /** How long it goes on answering after it is no longer ready, so that nobody is sent to it any more. */
  drainMs: number;
  /** Takes one line for the log of the container. */
  log: (line: string) => void;
}

export interface RunningWebhook {
  readonly ports: WebhookOptions['ports'];
  /** Is no longer ready at once, and ends within `drainMs` and 5 s. */
  stop(): Promise<void>;
}

/** Starts to answer reviews. Throws Failure when a port cannot be had. */
export async function startWebhook(options: WebhookOptions): Promise<RunningWebhook> {
  const { cluster, namespace, ports, host, log, drainMs } = options;
  const end = new AbortController();
  const metrics = new WebhookMetrics();
  const known = new KnownObjects(cluster, log);
  let native: boolean | undefined;
  let hasCertificate = false;
  let isEnding = false;

  /** What has to be there before anybody is sent here. */
  const missing = (): string | undefined => {
    if (isEnding) return 'ending';
    if (!hasCertificate) return 'no certificate yet';
    return native === undefined || !known.isSynced ? 'NetworkProbers and Namespaces are not read yet' : undefined;
  };
  const admission = (request: AdmissionRequest): Admission => {
    if (native === undefined || !known.isSynced) {
      const warnings = ['netmachinery: pods get no prober while its webhook is starting'];
      return { outcome: 'failed', patch: [], warnings };
    }
    return admit(request, known.networkProbers, known.namespaces, { images: options.images, native });
  };
  const review = (body: string): Answer => answerReview(body, admission, metrics, log);

  const https = await listenHttps(ports.admission, host, review);
  const listeners: HttpListener[] = [https];
  const opened = async (listening: Promise<HttpListener>): Promise<HttpListener> => {
    try {
      const listener = await listening;
      listeners.push(listener);
      return listener;
    } catch (thrown) {
      await Promise.all(listeners.map((listener) => listener.close(0)));
      throw thrown;
    }
  };
  const health = await opened(servePages(ports.health, healthPages(missing), host));
  const measured = await opened(servePages(ports.metrics, { '/metrics': () => metricsPage(metrics) }, host));
  const secret = certificateInformer({
    cluster,
    namespace,
    log,
    use: (certificate, validToMs) => {
      https.use(certificate);
      hasCertificate = true;
      metrics.serves(validToMs);
    },
  });
  const running = Promise.all([
    secret.run(end.signal),
    known.run(end.signal),
    hasNativeSidecars(cluster, end.signal, log).then((has) => (native = has)),
  ]);
  return {
    ports: { admission: https.port, health: health.port, metrics: measured.port },
    stop: async () => {
      isEnding = true;
      await sleep(drainMs);
      end.abort();
      await Promise.all([running, ...listeners.map((listener) => listener.close(graceMs))]);
    },
  };
}

/** Asks the server for its version until it says one. Native sidecars are on by default from 1.29 (KEP-753). */
async function hasNativeSidecars(
  cluster: Cluster,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<boolean | undefined> {
  const backoff = new Backoff(1000, 30_000);
  while (!signal.aborted) {
    try {
      const { release } = await serverVersion(cluster, { signal });
      return release !== undefined && (release.major > 1 || release.minor >= 29);
    } catch (thrown) {
      const { code, message } = asFailure(thrown);
      if (code === 'interrupted') break;
      log(`the version of the server: ${message}`);
      await pause(backoff.next(), signal).catch(() => undefined);
    }
  }
  return undefined;
}
