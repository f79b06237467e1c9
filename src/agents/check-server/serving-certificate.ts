// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { Informer } from '../../kube/informer.js';
import { checkServerName } from '../../model/check.js';
import type { SecretTexts } from '../certificates/held.js';
import { textsOf, type TlsSecret } from '../certificates/secret.js';

export interface CertificateWatchOptions {
  cluster: Cluster;
  /** Of the Secret. */
  namespace: string;
  /** Serves with it. May throw a Failure; the one before then goes on being served. */
  use: (texts: SecretTexts) => void;
  /** Takes one line for the log of the container. */
  log: (line: string) => void;
}

/** The informer of the server's Secret alone: each certificate that comes is used. */
export function certificateInformer(options: CertificateWatchOptions): Informer<TlsSecret, SecretTexts> {
  const { cluster, namespace, use, log } = options;
  let used: SecretTexts | undefined;
  const informer = new Informer<TlsSecret, SecretTexts>({
    cluster,
    path: `/api/v1/namespaces/${namespace}/secrets?fieldSelector=metadata.name%3D${checkServerName}`,
    keep: (secret) => {
      const texts = textsOf(secret);
      return texts.certificate === '' || texts.key === '' ? undefined : texts;
    },
    onChange: () => {
      const [held] = informer.items.values();
      if (held === undefined || held === used) return;
      used = held;
      try {
        const { serialNumber, validTo } = new X509Certificate(held.certificate);
        use(held);
        log(`serves with the certificate ${serialNumber}, valid until ${validTo}`);
      } catch (thrown) {
        log(`Secret ${namespace}/${checkServerName}: ${asFailure(thrown).message}`);
      }
    },
    onTrouble: (failure) => log(failure === undefined ? 'the Secret is read again' : `Secret: ${failure.message}`),
  });
  return informer;
}
