// SPDX-License-Identifier: Apache-2.0

/** How long a certificate and its authority are good for, in ms: a year. */
export const lifetimeMs = 365 * 24 * 60 * 60 * 1000;
/** How long before its making a certificate begins, in ms: clocks of nodes differ. */
export const backdateMs = 60 * 60 * 1000;
/** A certificate is renewed when this much of its life is over. */
const renewedAt = 2 / 3;

/** From when to when something holds, in ms since the epoch. */
export interface Validity {
  fromMs: number;
  toMs: number;
}

interface Authority extends Validity {
  /** Its certificate. */
  pem: string;
  /** Whether the server certificate is signed by it. */
  signed: boolean;
}

/** What the Secret holds, as far as it matters here. */
export interface Held {
  server: Validity & {
    /** DNS names and IP addresses. */
    names: readonly string[];
    /** Whether the key is the one of the certificate. */
    hasKey: boolean;
  };
  authorities: readonly Authority[];
}

/** What to do: nothing, write the bundle without the authorities that are over, or make a new certificate. */
export type Decision =
  | { kind: 'keep'; bundle: string[] }
  | { kind: 'trim'; bundle: string[] }
  /** `bundle`: what stays beside the new authority, so that replicas with the old certificate are believed meanwhile. */
  | { kind: 'issue'; why: string; bundle: string[] };

/**
 * Whether the certificate has to be made (anew), by the clock alone; `undefined` is a Secret without a readable one.
 * The authority of the certificate before stays in the bundle as long as it is valid, and no longer than the next one.
 */
export function decide(held: Held | undefined, names: readonly string[], nowMs: number): Decision {
  if (held === undefined) return { kind: 'issue', why: 'there is none', bundle: [] };
  const valid = held.authorities.filter(({ toMs }) => toMs > nowMs);
  const current = valid.find(({ signed }) => signed);
  const why = whyIssued(held, current, names, nowMs);
  if (why !== undefined) return { kind: 'issue', why, bundle: current === undefined ? [] : [current.pem] };
  const bundle = valid.map(({ pem }) => pem);
  return { kind: valid.length < held.authorities.length ? 'trim' : 'keep', bundle };
}

function whyIssued(
  { server }: Held,
  current: Authority | undefined,
  names: readonly string[],
  nowMs: number,
): string | undefined {
  if (!server.hasKey) return 'the key is not that of the certificate';
  if (current === undefined) return 'no valid authority of the bundle signed it';
  const missing = names.find((name) => !server.names.includes(name));
  if (missing !== undefined) return `it is not for ${missing}`;
  if (server.fromMs > nowMs) return 'it is not valid yet';
  if (nowMs >= renewalMs(server) || nowMs >= renewalMs(current)) return 'it has had two thirds of its life';
  return undefined;
}

/** When something is renewed, in ms since the epoch. */
export function renewalMs({ fromMs, toMs }: Validity): number {
  return fromMs + (toMs - fromMs) * renewedAt;
}
