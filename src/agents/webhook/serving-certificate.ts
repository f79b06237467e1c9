// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { Informer } from '../../kube/informer.js';
import { webhookName } from '../../model/prober.js';
import { textsOf, type TlsSecret } from '../certificates/secret.js';

/** What the server shows. PEM. */
export interface ServingCertificate {
  certificate: string;
  key: string;
}

export interface CertificateWatchOptions {
  cluster: Cluster;
  /** Of the Secret. */
  namespace: string;
  /** Serves with it. May throw a Failure; the one before then goes on being served. */
  use: (certificate: ServingCertificate, validToMs: number) => void;
  /** Takes one line for the log of the container. */
  log: (line: string) => void;
}

/**
 * The informer of the webhook's Secret alone, so that a Role which names it is enough: each certificate that comes is
 * used. A Secret that goes, or that nobody could use, changes nothing.
 */
export function certificateInformer(options: CertificateWatchOptions): Informer<TlsSecret, ServingCertificate> {
  const { cluster, namespace, use, log } = options;
  let used: ServingCertificate | undefined;
  const informer = new Informer<TlsSecret, ServingCertificate>({
    cluster,
    path: `/api/v1/namespaces/${namespace}/secrets?fieldSelector=metadata.name%3D${webhookName}`,
    keep: (secret) => {
      const { certificate, key } = textsOf(secret);
      return certificate === '' || key === '' ? undefined : { certificate, key };
    },
    onChange: () => {
      const [held] = informer.items.values();
      if (held === undefined) log(`there is no certificate in the Secret ${namespace}/${webhookName}`);
      if (held === undefined || held === used) return;
      used = held;
      try {
        const { serialNumber, validTo } = new X509Certificate(held.certificate);
        use(held, Date.parse(validTo));
        log(`serves with the certificate ${serialNumber}, valid until ${validTo}`);
      } catch (thrown) {
        log(`Secret ${namespace}/${webhookName}: ${asFailure(thrown).message}`);
      }
    },
    onTrouble: (failure) => log(failure === undefined ? 'the Secret is read again' : `Secret: ${failure.message}`),
  });
  return informer;
}
