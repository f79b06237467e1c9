// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import type { TlsResult } from '../model/report.js';
import { quotedLine } from './lines.js';
import type { ProbeParser } from './probe.js';
import { defaultTlsTimeoutMs, type TlsRequest } from './tls.js';

/** A destination is done; the facts come with its outcome. */
export interface TlsEvent {
  kind: 'done';
  index: number;
}

export interface TlsOutcome extends TlsResult {
  index: number;
}

interface Progress {
  index: number;
  done: boolean;
  timedOut: boolean;
  handshakeMs?: number;
  certificate: string;
  verified?: string;
  error?: string;
}

/** Longer certificates than this are nobody's. */
const maxCertificateChars = 64 * 1024;

/**
 * Reads the lines of remote/tls-handshake.sh:
 * `@missing TOOL`, `@handshake INDEX MICROSECONDS`, `@certificate INDEX BASE64` (a piece of the DER), `@verified INDEX CODE
 * (TEXT)`, `@error INDEX TEXT`, `@timeout INDEX`, `@done INDEX`, `@end`. Anything else is ignored. `error` is absent only
 * where a handshake was completed and its certificate was trusted.
 */
export function tlsParser(request: TlsRequest): ProbeParser<TlsEvent, TlsOutcome> {
  const timeoutMs = request.timeoutMs ?? defaultTlsTimeoutMs;
  const progress = new Map<string, Progress>(
    request.destinations.map(({ index }) => [String(index), { index, done: false, timedOut: false, certificate: '' }]),
  );
  let missingTool: string | undefined;
  let lastStderr = '';

  function stdout(line: string): TlsEvent[] {
    const [kind, second = '', ...words] = line.split(' ');
    const rest = words.join(' ');
    if (kind === '@missing') missingTool = second;
    const of = progress.get(second);
    if (of === undefined || of.done) return [];
    switch (kind) {
      case '@handshake':
        if (/^\d{1,12}$/.test(rest)) of.handshakeMs = Number(rest) / 1000;
        return [];
      case '@certificate':
        if (/^[A-Za-z0-9+/]+={0,2}$/.test(rest) && of.certificate.length < maxCertificateChars) of.certificate += rest;
        return [];
      case '@verified':
        of.verified = rest;
        return [];
      case '@error':
        of.error = rest;
        return [];
      case '@timeout':
        of.timedOut = true;
        return [];
      case '@done':
        of.done = true;
        return [{ kind: 'done', index: of.index }];
      default:
        return [];
    }
  }

  function failure(of: Progress, exitCode: number): string | undefined {
    if (missingTool !== undefined) return `${missingTool} is missing in the tool image`;
    if (of.timedOut) return `no TLS handshake within ${timeoutMs} ms`;
    if (exitCode === -1 && !of.done) return 'the connection to the pod was lost';
    if (!of.done)
      return `the TLS script ended early with code ${exitCode}${lastStderr === '' ? '' : `: ${lastStderr}`}`;
    if (of.handshakeMs === undefined) return of.error === undefined ? 'no TLS handshake' : opensslText(of.error);
    return verificationError(of.verified);
  }

  return {
    stdout,
    stderr(line) {
      if (line.trim() !== '') lastStderr = quotedLine(line);
      return [];
    },
    end: (exitCode) =>
      [...progress.values()].map((of) => {
        const error = failure(of, exitCode);
        return {
          index: of.index,
          ...(of.handshakeMs === undefined ? {} : { handshakeMs: of.handshakeMs }),
          ...certificateFacts(of.certificate),
          ...(error === undefined ? {} : { error }),
        };
      }),
  };
}

/** `18 (self-signed certificate)` -> the text; nothing for `0 (ok)`. */
function verificationError(verified: string | undefined): string | undefined {
  const match = /^(\d+) \((.*)\)$/.exec(verified ?? '');
  if (match === null) return 'the certificate was not verified';
  return match[1] === '0' ? undefined : `certificate not trusted: ${match[2]}`;
}

/** `...:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:file:line:` -> `wrong version number`. */
function opensslText(line: string): string {
  const [, reason = ''] = /:error:[0-9A-F]*:[^:]*:[^:]*:([^:]*)/.exec(line) ?? [];
  if (reason === 'wrong version number' || reason === 'packet length too long') return `${reason}: not a TLS port?`;
  return reason === '' ? line : reason;
}

/** What of a certificate (DER in base64) is reported; nothing where it is none. */
export function certificateFacts(base64: string): Pick<TlsResult, 'subject' | 'issuer' | 'notAfter'> {
  if (base64 === '') return {};
  try {
    const certificate = new X509Certificate(Buffer.from(base64, 'base64'));
    const notAfter = new Date(certificate.validTo);
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      ...(Number.isNaN(notAfter.getTime()) ? {} : { notAfter: notAfter.toISOString().replace('.000Z', 'Z') }),
    };
  } catch {
    // What the server sent, or the pieces that arrived, are no certificate.
    return {};
  }
}

/** Node has one line an attribute, the most general one first. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
