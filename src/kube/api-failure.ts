// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureCode } from '../errors/failure.js';

/** The API server's `Status` object, as far as it is read. */
export interface Status {
  kind?: string;
  status?: string;
  message?: string;
  reason?: string;
  code?: number;
  details?: {
    name?: string;
    kind?: string;
    causes?: { reason?: string; message?: string; field?: string }[];
    retryAfterSeconds?: number;
  };
}

function codeOf(status: number): FailureCode {
  if (status === 401 || status === 403) return 'forbidden';
  return status === 404 ? 'notFound' : 'cluster';
}

const unsaid: Record<number, string> = {
  401: 'You must be logged in to the server (Unauthorized)',
  404: 'the server could not find the requested resource',
  429: 'the server has received too many requests and has asked us to try again later',
  502: 'the server is currently unable to handle the request (bad gateway)',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted',
};

/** What to do about an answer that comes before any permission is looked at. */
function hintOf(status: number, words: string): string | undefined {
  if (status === 401) return 'the credentials of the context have expired or are wrong: kubectl auth whoami tells';
  // Go's net/http, server.go.
  if (status === 400 && words.includes('HTTP request to an HTTPS server')) {
    return 'the URL of the server has to begin with https://: kubectl config view --minify shows it';
  }
  return undefined;
}

/** The body of an answer as a Status, if it is one. */
function parseStatus(body: string): Status | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    const status = JSON.parse(body) as Status;
    return status.kind === 'Status' ? status : undefined;
  } catch {
    return undefined;
  }
}

/** A Status that says no as a Failure, with the server's own words. `httpStatus` counts where the Status has no code. */
export function failureOfStatus(status: Status, httpStatus = 500): Failure {
  const code = status.code ?? httpStatus;
  const words = code === 401 && (status.message ?? 'Unauthorized') === 'Unauthorized' ? undefined : status.message;
  return new Failure(codeOf(code), words ?? unsaid[code] ?? `the server answered ${code}`, {
    status: code,
    reason: status.reason,
    cause: status,
    hint: hintOf(code, ''),
  });
}

/** An HTTP answer that says no as a Failure. Bodies that are no Status (proxies, old servers) are quoted by one line. */
export function failureOfAnswer(httpStatus: number, body: string): Failure {
  const status = parseStatus(body);
  if (status !== undefined) return failureOfStatus(status, httpStatus);
  const line = body.trim().split('\n')[0]?.slice(0, 200) ?? '';
  const words =
    unsaid[httpStatus] ?? (line === '' || line.startsWith('<') ? `the server answered ${httpStatus}` : line);
  return new Failure(codeOf(httpStatus), words, {
    status: httpStatus,
    cause: body === '' ? undefined : body,
    hint: hintOf(httpStatus, words),
  });
}
