// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { pause } from '../../kube/pause.js';
import type { CertificatePurpose } from './purpose.js';
import { readHeld } from './held.js';
import { issueCertificate } from './issue.js';
import { decide } from './renewal.js';
import { CertificateSecret, isConflict } from './secret.js';
import { webhookCertificate } from './webhook-certificate.js';

/** What somebody else changes is put right within this time. */
const lookEveryMs = 30_000;
const againAfterMs = 2000;

export interface CertificatesOptions {
  cluster: Cluster;
  /** Of the Secret and the Service of the server. */
  namespace: string;
  signal: AbortSignal;
  /** Takes one line for the log of the container. */
  log: (line: string) => void;
  /** Whose certificate it is; the webhook's where absent. */
  purpose?: CertificatePurpose;
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** The MutatingWebhookConfiguration, where it has another name than ours. */
  configuration?: string;
  /** DNS names and IP addresses, where the server is not reached by its Service. */
  names?: readonly string[];
  /** Time between two looks, in ms. */
  everyMs?: number;
}

/**
 * Keeps the Secret of a server's certificate and the bundle of its authorities until the signal aborts: made where absent,
 * renewed in time, put right where somebody changed them. A new authority is in the bundle before the first certificate that
 * it signed is in the Secret. Never rejects: what fails is told once and tried again. For one caller at a time (the leader);
 * two at once would only renew too often.
 */
export async function keepCertificates(options: CertificatesOptions): Promise<void> {
  const { signal, log, configuration, everyMs = lookEveryMs } = options;
  const purpose = options.purpose ?? webhookCertificate(options.namespace, configuration);
  let complaint: string | undefined;
  while (!signal.aborted) {
    let waitMs = everyMs;
    try {
      await look(options, purpose);
      complaint = undefined;
    } catch (thrown) {
      const { code, message } = asFailure(thrown);
      if (code === 'interrupted') return;
      waitMs = Math.min(everyMs, againAfterMs);
      if (!isConflict(thrown) && message !== complaint) log(`certificate of the ${purpose.title}: ${message}`);
      complaint = message;
    }
    await pause(waitMs, signal).catch(() => undefined);
  }
}

/** Everything once. Throws a Failure with status 409 where somebody wrote meanwhile: then all is read again. */
async function look(options: CertificatesOptions, purpose: CertificatePurpose): Promise<void> {
  const { cluster, namespace, signal, log, now = Date.now, names = purpose.names } = options;
  const publish = (authorities: readonly string[]) => purpose.publish(cluster, authorities, signal);
  const secret = new CertificateSecret(cluster, namespace, signal, purpose);
  const read = await secret.read();
  const decision = decide(read && readHeld(read.texts), names, now());
  let { bundle } = decision;
  if (decision.kind === 'issue') {
    const issued = await issueCertificate(names, now(), purpose.titles);
    bundle = [issued.authority, ...decision.bundle];
    if (decision.bundle.length > 0 && (await publish(bundle))) await pause(purpose.settleMs, signal);
    await secret.write({ ...issued, authorities: bundle.join('') }, read?.resourceVersion);
    log(`certificate of the ${purpose.title}: made a new one, for ${decision.why}`);
  } else if (decision.kind === 'trim' && read !== undefined) {
    await secret.write({ ...read.texts, authorities: bundle.join('') }, read.resourceVersion);
    log(`certificate of the ${purpose.title}: an authority that is over has left the bundle`);
  }
  if (await publish(bundle)) log(`certificate of the ${purpose.title}: wrote ${purpose.published}`);
}
