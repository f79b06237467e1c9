// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Held } from './renewal.js';

/** The fields of a Secret of type kubernetes.io/tls, PEM. */
export interface SecretTexts {
  certificate: string;
  key: string;
  /** One certificate or several. */
  authorities: string;
}

/** What is in the Secret; undefined where one of the three is missing or unreadable. */
export function readHeld({ certificate, key, authorities }: SecretTexts): Held | undefined {
  try {
    const server = new X509Certificate(certificate);
    const privateKey = createPrivateKey(key);
    const bundle = certificatesOf(authorities).map((pem) => ({ pem, certificate: new X509Certificate(pem) }));
    return {
      server: { ...validityOf(server), names: namesOf(server), hasKey: server.checkPrivateKey(privateKey) },
      authorities: bundle.map(({ pem, certificate: authority }) => ({
        ...validityOf(authority),
        pem,
        signed: server.checkIssued(authority) && server.verify(authority.publicKey),
      })),
    };
  } catch {
    // OpenSSL's words help nobody: a new one is made.
    return undefined;
  }
}

/** The single certificates of a text, each with a newline at its end. */
function certificatesOf(text: string): string[] {
  return (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((pem) => `${pem}\n`);
}

/** Node.js 20 gives the times as OpenSSL prints them only: `Nov 22 02:05:49 2026 GMT`. */
function validityOf({ validFrom, validTo }: X509Certificate): { fromMs: number; toMs: number } {
  const [fromMs, toMs] = [Date.parse(validFrom), Date.parse(validTo)];
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) throw new Error('a certificate without times');
  return { fromMs, toMs };
}

/** `DNS:name, IP Address:127.0.0.1`; none of ours has a character that OpenSSL quotes. */
function namesOf({ subjectAltName }: X509Certificate): string[] {
  return (subjectAltName ?? '').split(', ').map((entry) => entry.replace(/^(DNS|IP Address):/, ''));
}
