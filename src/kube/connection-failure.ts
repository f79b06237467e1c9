// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

/** Words for the error codes of Node.js and Bun, the way Go's network library says them. */
const words: Record<string, string> = {
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'i/o timeout',
  EADDRNOTAVAIL: 'cannot assign requested address',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls: failed to verify certificate: certificate signed by unknown authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls: failed to verify certificate: certificate signed by unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls: failed to verify certificate: certificate signed by unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls: failed to verify certificate: certificate signed by unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'tls: failed to verify certificate: certificate signed by unknown authority',
  // OpenSSL's and BoringSSL's "wrong version number"; Node.js has no code of its own for it.
  EPROTO: 'tls: first record does not look like a TLS handshake',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls: first record does not look like a TLS handshake',
  HPE_INVALID_CONSTANT: 'malformed HTTP response',
  CERT_HAS_EXPIRED: 'tls: failed to verify certificate: certificate has expired',
  CERT_NOT_YET_VALID: 'tls: failed to verify certificate: certificate is not yet valid',
};
const lostCodes = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_SOCKET_CLOSED',
  'ConnectionClosed',
]);
const refusedCodes = new Set(['ECONNREFUSED', 'ConnectionRefused', 'FailedToOpenSocket']);
const unknownNameCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'DNSResolveFailed']);

function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code } = error as NodeJS.ErrnoException;
  const inner = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...(code === undefined ? [] : [code]), ...inner];
}

/** Whether the connection broke after it had been made. */
export function isConnectionLost(error: unknown): boolean {
  return codesOf(error).some((code) => lostCodes.has(code));
}

/** Where the server that cannot be talked to comes from. */
const lookAtTheServer =
  'kubectl config view --minify shows the server of the context, --context and --kubeconfig choose another';

function tlsHint(text: string): string {
  if (text.includes('first record')) return 'what listens there does not speak TLS: is it http://, or another port?';
  if (text.includes('unknown authority'))
    return '--certificate-authority names the file of the authority that signed it';
  if (text.startsWith('malformed')) return 'what listens there does not speak HTTP: is it https://, or another port?';
  return lookAtTheServer;
}

/** An error of the socket or the TLS handshake as a Failure, in kubectl's words. `host` as in `HOST:PORT`. */
export function connectionFailure(error: unknown, host: string): Failure {
  if (error instanceof Failure) return error;
  const codes = codesOf(error);
  if (codes.some((code) => refusedCodes.has(code))) {
    return new Failure(
      'cluster',
      `The connection to the server ${host} was refused - did you specify the right host or port?`,
      { cause: error, reason: 'ConnectionRefused', hint: lookAtTheServer },
    );
  }
  if (codes.some((code) => unknownNameCodes.has(code))) {
    const name = host.replace(/:\d+$/, '');
    return new Failure('cluster', `Unable to connect to the server: dial tcp: lookup ${name}: no such host`, {
      cause: error,
      reason: 'NameNotFound',
      hint: lookAtTheServer,
    });
  }
  if (isConnectionLost(error)) {
    return new Failure('cluster', `the connection to the server ${host} was lost`, {
      cause: error,
      reason: 'ConnectionLost',
    });
  }
  const known = codes.map((code) => words[code]).find((text) => text !== undefined);
  const said = error instanceof Error ? error.message : String(error);
  const isName = codes.includes('ERR_TLS_CERT_ALTNAME_INVALID');
  const text = known ?? (isName ? `tls: failed to verify certificate: ${said}` : said);
  return new Failure('cluster', `Unable to connect to the server: ${text}`, { cause: error, hint: tlsHint(text) });
}
