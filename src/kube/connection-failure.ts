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
  CERT_HAS_EXPIRED: 'tls: failed to verify certificate: certificate has expired',
  CERT_NOT_YET_VALID: 'tls: failed to verify certificate: certificate is not yet valid',
};
const lostCodes = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ConnectionClosed']);
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

/** An error of the socket or the TLS handshake as a Failure, in kubectl's words. `host` as in `HOST:PORT`. */
export function connectionFailure(error: unknown, host: string): Failure {
  if (error instanceof Failure) return error;
  const codes = codesOf(error);
  if (codes.some((code) => refusedCodes.has(code))) {
    return new Failure(
      'cluster',
      `The connection to the server ${host} was refused - did you specify the right host or port?`,
      { cause: error, reason: 'ConnectionRefused' },
    );
  }
  if (codes.some((code) => unknownNameCodes.has(code))) {
    const name = host.replace(/:\d+$/, '');
    return new Failure('cluster', `Unable to connect to the server: dial tcp: lookup ${name}: no such host`, {
      cause: error,
      reason: 'NameNotFound',
    });
  }
  if (isConnectionLost(error)) {
    return new Failure('cluster', `the connection to the server ${host} was lost`, {
      cause: error,
      reason: 'ConnectionLost',
    });
  }
  const known = codes.map((code) => words[code]).find((text) => text !== undefined);
  const text = known ?? (error instanceof Error ? error.message : String(error));
  return new Failure('cluster', `Unable to connect to the server: ${text}`, { cause: error });
}
