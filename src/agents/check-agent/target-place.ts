// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import type { CheckTarget } from '../../model/check.js';

/** Where connections to a target go. */
export interface TargetPlace {
  /** To be resolved where there is no address. */
  host?: string | undefined;
  address?: string | undefined;
  port?: number | undefined;
  tls?: { verify: boolean } | undefined;
  /** What is asked for by GET. */
  path: string;
}

/** What agents of a check and its server answer; the API server tells there, often even to those it does not know, how it is. */
const pathOfKind: Partial<Record<CheckTarget['kind'], string>> = { agent: '/ping', server: '/ping', api: '/readyz' };

/** Undefined for a URL that is none. */
export function placeOf(target: CheckTarget): TargetPlace | undefined {
  if (target.url !== undefined) return placeOfUrl(target.url, target.tls);
  return {
    host: target.host,
    address: target.address,
    port: target.port,
    path: pathOfKind[target.kind] ?? '/',
    ...(target.tls === true ? { tls: { verify: false } } : {}),
  };
}

function placeOfUrl(text: string, unverified: boolean | undefined): TargetPlace | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const isSecure = url.protocol === 'https:';
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    ...(isIP(name) === 0 ? { host: name } : { address: name }),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    path: url.pathname + url.search,
    ...(isSecure ? { tls: { verify: unverified !== true } } : {}),
  };
}

/**
 * What is wrong with an answer to GET or POST. Agents and URLs have to be well; of servers any answer shows that they are
 * reached, for they need not tell strangers more (401, 403), but not one that says that nobody is there (5xx).
 */
export function complaintOf(kind: CheckTarget['kind'], status: number): string | undefined {
  const bound = kind === 'agent' ? 300 : kind === 'url' ? 400 : 500;
  return status >= 200 && status < bound ? undefined : `status ${status}`;
}
