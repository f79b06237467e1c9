// SPDX-License-Identifier: Apache-2.0
import { checkServicePort, type CheckTarget } from '../../../model/check.js';

/** Where a report may be sent to; without an address the server's name is resolved. */
export interface ServerPlace {
  address?: string | undefined;
  port: number;
}

/**
 * The name of the server first, then its virtual addresses, then its endpoints, as the last orders had them: neither DNS
 * nor kube-proxy is needed to tell that they do not work.
 */
export function serverPlaces(targets: readonly CheckTarget[]): ServerPlace[] {
  const known = (via: CheckTarget['via']): ServerPlace[] =>
    targets.flatMap(({ kind, via: by, address, port }) =>
      kind === 'server' && by === via && address !== undefined && port !== undefined ? [{ address, port }] : [],
    );
  return [{ port: checkServicePort }, ...known('virtual'), ...known('endpoint')];
}
