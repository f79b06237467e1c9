// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { Failure } from '../../errors/failure.js';
import { agentNetworks, type AgentIdentity, type AgentNetwork } from '../../model/check.js';

/** How an installed agent speaks to the server. */
export interface ServerAccess {
  /** The name of its Service, which its certificate is for. */
  name: string;
  /** Path of the token. */
  token: string;
  /** Path of the authority of its certificate. */
  authority: string;
}

export interface CheckAgentEnvironment {
  own: AgentIdentity;
  /** TCP and UDP. */
  port: number;
  /** Undefined: an agent of a one-shot check, which reports to nobody. */
  server?: ServerAccess | undefined;
  /** Milliseconds since the epoch, when the agent ends by itself. */
  untilMs?: number | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the variables that src/check/agent-pod.ts sets. Throws Failure(usage), naming the variable. */
export function checkAgentEnvironment(variables: Variables): CheckAgentEnvironment {
  const word = (name: string): string => variables[name]?.trim() ?? '';
  const needed = (name: string): string => {
    if (word(name) === '') throw new Failure('usage', `${name} is not set`);
    return word(name);
  };
  const server = word('NETMACHINERY_CHECK_SERVER');
  const until = word('NETMACHINERY_CHECK_UNTIL');
  return {
    own: {
      node: needed('NODE_NAME'),
      network: network(needed('NETMACHINERY_CHECK_NETWORK')),
      namespace: needed('POD_NAMESPACE'),
      pod: needed('POD_NAME'),
      ips: addresses(word('POD_IPS')),
    },
    port: port(needed('NETMACHINERY_CHECK_PORT')),
    ...(server === ''
      ? {}
      : {
          server: {
            name: server,
            token: needed('NETMACHINERY_CHECK_TOKEN'),
            authority: needed('NETMACHINERY_CHECK_AUTHORITY'),
          },
        }),
    ...(until === '' ? {} : { untilMs: time(until) }),
  };
}

function network(text: string): AgentNetwork {
  const found = agentNetworks.find((name) => name === text);
  if (found !== undefined) return found;
  throw new Failure('usage', `NETMACHINERY_CHECK_NETWORK is "${text}", but must be ${agentNetworks.join(' or ')}`);
}

function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (value >= 1 && value <= 65_535) return value;
  throw new Failure('usage', `NETMACHINERY_CHECK_PORT is "${text}", but must be a whole number from 1 to 65535`);
}

function time(text: string): number {
  const ms = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new Failure('usage', `NETMACHINERY_CHECK_UNTIL is "${text}", but must be a time such as 2030-01-31T12:00:00Z`);
}

/** `status.podIPs` through the downward API: addresses with commas between them. */
function addresses(text: string): string[] {
  const words = text.split(',').flatMap((part) => part.trim() || []);
  const wrong = words.find((part) => isIP(part) === 0);
  if (wrong !== undefined) throw new Failure('usage', `POD_IPS has "${wrong}", which is not an IP address`);
  return words;
}
