// SPDX-License-Identifier: Apache-2.0
import { isIPv6 } from 'node:net';
import { Failure } from '../../errors/failure.js';
import { checkNamespace, checkServerPorts } from '../../model/check.js';
import type { CheckPlace } from './place.js';

export interface CheckServerEnvironment {
  place: CheckPlace;
  /** The pod's name. */
  name: string;
  /** `HOST:PORT` where the other replica reaches our API. */
  address: string;
  /** Netchecker's API is served. */
  legacy: boolean;
}

/** Reads the variables of the server. Throws Failure(usage), naming the variable. */
export function checkServerEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): CheckServerEnvironment {
  const word = (name: string): string => variables[name]?.trim() ?? '';
  const ip = word('POD_IP');
  if (ip === '') throw new Failure('usage', 'POD_IP is not set: where the other replica reaches this one');
  return {
    place: {
      namespace: word('POD_NAMESPACE') || checkNamespace,
      hostNamespace: word('NETMACHINERY_CHECK_SERVER_HOST_NAMESPACE') || undefined,
    },
    name: word('POD_NAME') || word('HOSTNAME') || 'check-server',
    address: `${isIPv6(ip) ? `[${ip}]` : ip}:${checkServerPorts.api}`,
    legacy: word('NETMACHINERY_CHECK_SERVER_LEGACY') === 'true',
  };
}
