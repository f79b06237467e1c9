// SPDX-License-Identifier: Apache-2.0
import type { CheckFailure, ProbeValue } from '../../../model/check.js';

/** What one probe may take, in ms; of a name, the time to resolve it comes before that, with the same limit. */
export const probeLimitMs = 3000;

/** What one probe found. */
export interface ProbeResult {
  value: ProbeValue;
  /** One line, where the failure's word says too little. */
  detail?: string | undefined;
  /** Bytes of the IP packets, of `mtu`. */
  mtuBytes?: number | undefined;
}

const failureOfCode: ReadonlyMap<string, CheckFailure> = new Map(
  Object.entries({
    ECONNREFUSED: 'refused',
    ETIMEDOUT: 'timeout',
    EHOSTUNREACH: 'unreachable',
    ENETUNREACH: 'unreachable',
    EHOSTDOWN: 'unreachable',
    ENETDOWN: 'unreachable',
    // There is no address of this family to send from.
    EADDRNOTAVAIL: 'unreachable',
    EAFNOSUPPORT: 'unreachable',
    // Node.js also calls a connection that ended before the response a reset.
    ECONNRESET: 'reset',
    EPIPE: 'reset',
    EMSGSIZE: 'tooBig',
  } satisfies Record<string, CheckFailure>),
);

/** The codes of OpenSSL's verification (tls.TLSSocket.authorizationError), and the one of Node.js for a wrong name. */
const certificateCode = /CERT|SIGNATURE|CRL|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED|INVALID_(?:CA|PURPOSE)/;

/** A result for an error of a socket by its `code` (errno(3)). */
export function resultOfError(error: Error): ProbeResult {
  const { code = '' } = error as NodeJS.ErrnoException;
  const value = failureOfCode.get(code);
  if (value !== undefined) return { value };
  return { value: certificateCode.test(code) ? 'certificate' : 'other', detail: oneLine(error.message || code) };
}

/** Milliseconds since `startedMs` of performance.now(), with three decimals. */
export function millisecondsSince(startedMs: number): number {
  return rounded(performance.now() - startedMs);
}

export function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** What a report quotes of words that come from elsewhere. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}
