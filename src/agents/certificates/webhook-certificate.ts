// SPDX-License-Identifier: Apache-2.0
import { controllerName, webhookName } from '../../model/prober.js';
import { writeBundle } from './bundle.js';
import { serviceNames, type CertificatePurpose } from './purpose.js';

/** The certificate of the probers' webhook, vouched for in a MutatingWebhookConfiguration. */
export function webhookCertificate(namespace: string, configuration = webhookName): CertificatePurpose {
  return {
    title: 'webhook',
    secret: webhookName,
    fieldManager: controllerName,
    names: serviceNames(webhookName, namespace),
    titles: { server: webhookName, authority: 'netmachinery webhook authority' },
    publish: (cluster, authorities, signal) => writeBundle(cluster, configuration, authorities, signal),
    published: `caBundle of ${configuration}`,
    // API servers learn of a new bundle by a watch; only then may they meet a certificate that it vouches for.
    settleMs: 5000,
  };
}
