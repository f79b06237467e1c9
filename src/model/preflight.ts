// SPDX-License-Identifier: Apache-2.0

/** `unknown`: it could not be found out, and nothing is concluded from that. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'unknown';

/** One thing that was looked at. */
export interface Check {
  check: string;
  status: CheckStatus;
  /** What was read, and what it means. */
  detail: string;
  /** What to do about it; absent where there is nothing to do. */
  action?: string;
  /** With `failed`: whether somebody has to allow or repair something, or it cannot be done here at all. */
  cause?: 'cluster' | 'unsupported';
}

/** The contract of `preflight -o json`. */
export interface PreflightReport {
  apiVersion: 'netmachinery.io/v1';
  kind: 'PreflightReport';
  namespace: string;
  /** The commands that were asked about. */
  commands: string[];
  image: string;
  summary: Record<CheckStatus, number>;
  checks: Check[];
}
