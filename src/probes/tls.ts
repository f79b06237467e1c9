// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { Failure } from '../errors/failure.js';
import type { RemoteCommand } from './probe.js';
import bashProgram from './remote/tls-handshake.bash.sh';
import shellProgram from './remote/tls-handshake.sh';
import { compactScript } from './remote-script.js';
import { wholeNumber } from './tcp.js';

export const defaultTlsTimeoutMs = 3500;
/** Handshakes start this far apart at most (remote/tls-handshake.bash.sh). */
const paceMs = 40;

/** A destination that a TCP connect has reached. */
export interface TlsDestination {
  index: number;
  address: string;
  port: number;
  /** The name to ask for (SNI) and to hold the certificate against; none where the user gave an address. */
  serverName?: string;
}

/** Handshakes from one pod, all in one exec. */
export interface TlsRequest {
  destinations: TlsDestination[];
  /** Limit of one handshake, connect included; default 3500. */
  timeoutMs?: number;
  /** Whether stdin is connected, and its end means that nobody waits for the result any more. */
  leash: boolean;
}

/** The command that makes the handshakes. Throws a usage Failure for an address, name or number that cannot be. */
export function tlsCommand(request: TlsRequest): RemoteCommand {
  const timeoutMs = request.timeoutMs ?? defaultTlsTimeoutMs;
  return {
    argv: [
      'sh',
      '-c',
      compactScript(shellProgram),
      'netmachinery-tls',
      compactScript(bashProgram),
      wholeNumber(timeoutMs, 1, 3_600_000, 'TLS timeout in ms'),
      request.leash ? 'yes' : 'no',
      ...request.destinations.flatMap(tlsArguments),
    ],
    limitMs: timeoutMs + request.destinations.length * paceMs + 12_000,
  };
}

function tlsArguments({ index, address, port, serverName }: TlsDestination): string[] {
  const family = isIP(address);
  if (family === 0) throw new Failure('usage', `"${address}" is not an IP address`);
  if (serverName !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(serverName)) {
    throw new Failure('usage', `"${serverName}" is not a host name`);
  }
  return [
    wholeNumber(index, 0, Number.MAX_SAFE_INTEGER, 'destination index'),
    family === 6 ? `[${address}]` : address,
    wholeNumber(port, 1, 65_535, 'port'),
    // A trailing dot is no part of a name in a certificate or in SNI (RFC 6066 section 3).
    serverName?.replace(/\.$/, '') ?? '-',
  ];
}
