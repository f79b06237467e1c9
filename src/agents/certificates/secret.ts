// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { controllerName, webhookName } from '../../model/prober.js';
import type { SecretTexts } from './held.js';

export interface TlsSecret extends KubeObject {
  /** Base64. */
  data?: Record<string, string> | null;
}

/** The PEM texts of a Secret; what is absent is empty. */
export function textsOf({ data }: TlsSecret): SecretTexts {
  const text = (key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString();
  return { certificate: text('tls.crt'), key: text('tls.key'), authorities: text('ca.crt') };
}

/** The fields of a Secret of type kubernetes.io/tls, with the `ca.crt` that cert-manager writes as well. */
export function dataOf({ certificate, key, authorities }: SecretTexts): Record<string, string> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return { 'tls.crt': base64(certificate), 'tls.key': base64(key), 'ca.crt': base64(authorities) };
}

export function isConflict(thrown: unknown): boolean {
  return thrown instanceof Failure && thrown.status === 409;
}

/** The name of a Secret with a certificate, and the field manager of who keeps it. */
export interface SecretName {
  secret: string;
  fieldManager: string;
}

const webhookSecret: SecretName = { secret: webhookName, fieldManager: controllerName };

/** The Secret of a server's certificate, the webhook's where none is named. Methods throw as Cluster does; 409 where somebody else wrote meanwhile. */
export class CertificateSecret {
  private readonly secrets: string;

  constructor(
    private readonly cluster: Cluster,
    namespace: string,
    private readonly signal: AbortSignal,
    private readonly named: SecretName = webhookSecret,
  ) {
    this.secrets = `/api/v1/namespaces/${namespace}/secrets`;
  }

  /** Undefined where there is none. */
  async read(): Promise<{ texts: SecretTexts; resourceVersion: string | undefined } | undefined> {
    try {
      const secret = await this.cluster.get<TlsSecret>(`${this.secrets}/${this.named.secret}`, { signal: this.signal });
      return { texts: textsOf(secret), resourceVersion: secret.metadata.resourceVersion };
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.status === 404) return undefined;
      throw thrown;
    }
  }

  /** Creates it, or changes that of a version and of no later one. */
  async write(texts: SecretTexts, resourceVersion: string | undefined): Promise<void> {
    const options = { query: { fieldManager: this.named.fieldManager }, signal: this.signal };
    const data = dataOf(texts);
    if (resourceVersion !== undefined) {
      const change = { metadata: { resourceVersion }, data };
      await this.cluster.patch(`${this.secrets}/${this.named.secret}`, 'merge', change, options);
      return;
    }
    const labels = { 'app.kubernetes.io/managed-by': 'netmachinery' };
    const metadata = { name: this.named.secret, labels };
    const secret = { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata, data };
    await this.cluster.create(this.secrets, secret, options);
  }
}
