// SPDX-License-Identifier: Apache-2.0
import { KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { backdateMs, lifetimeMs } from './renewal.js';

/** A server certificate with its key, and the certificate of the authority that signed it. All PEM. */
export interface Issued {
  certificate: string;
  /** PKCS #8. */
  key: string;
  authority: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Common names, which nobody looks at but people. */
export interface CertificateTitles {
  /** At most 64 characters (RFC 5280, upper bounds). */
  server: string;
  authority: string;
}

const webhookTitles: CertificateTitles = {
  server: 'netmachinery-prober-webhook',
  authority: 'netmachinery webhook authority',
};

/**
 * Makes a certificate for these DNS names and IP addresses, and an authority for it alone: its key is forgotten at once,
 * so that nobody can ever sign another certificate that its clients would believe. A renewal is a new authority.
 */
export async function issueCertificate(
  names: readonly string[],
  nowMs: number,
  titles: CertificateTitles = webhookTitles,
): Promise<Issued> {
  const notBefore = new Date(nowMs - backdateMs);
  const notAfter = new Date(nowMs + lifetimeMs);
  const [authorityKeys, serverKeys] = await Promise.all([keyPair(), keyPair()]);
  // A name of its own each: two authorities stand in one bundle while one follows the other.
  const issuer = `CN=${titles.authority} ${new Date(nowMs).toISOString()}`;
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: issuer,
    notBefore,
    notAfter,
    keys: authorityKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${titles.server}`,
    issuer,
    notBefore,
    notAfter,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      await SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  return {
    certificate: pem(certificate.toString('pem')),
    key: pem(KeyObject.from(serverKeys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString()),
    authority: pem(authority.toString('pem')),
  };
}

function keyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function pem(text: string): string {
  return `${text.trim()}\n`;
}
