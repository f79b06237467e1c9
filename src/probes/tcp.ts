// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { Failure } from '../errors/failure.js';
import type { ProbeDestination, RemoteCommand } from './probe.js';
import bashProgram from './remote/tcp-connect.bash.sh';
import shellProgram from './remote/tcp-connect.sh';
import { compactScript } from './remote-script.js';

export const defaultConnectAttempts = 3;
/** ARP failures and ICMP refusals take 1 to 3 s to show on virtual links; a shorter limit calls them "timed out". */
export const defaultConnectTimeoutMs = 3500;

export interface TcpDestination extends ProbeDestination {
  port: number;
}

/** Connects from one pod, all in one exec. */
export interface TcpRequest {
  destinations: TcpDestination[];
  /** Connects a destination that count; default 3. */
  attempts?: number;
  /** Limit of one connect, name resolution included; default 3500. */
  connectTimeoutMs?: number;
  /** Whether stdin is connected, and its end means that nobody waits for the result any more. */
  leash: boolean;
}

/**
 * The command that makes the connects: done within the connect timeout + 0.5 s, even if nothing ever answers. Throws a
 * usage Failure for an address, name or number that could be anything else.
 */
export function tcpCommand(request: TcpRequest): RemoteCommand {
  const attempts = request.attempts ?? defaultConnectAttempts;
  const timeoutMs = request.connectTimeoutMs ?? defaultConnectTimeoutMs;
  return {
    argv: [
      'sh',
      '-c',
      compactScript(shellProgram),
      'netmachinery-connect',
      compactScript(bashProgram),
      wholeNumber(timeoutMs, 1, 3_600_000, 'connect timeout in ms'),
      wholeNumber(attempts, 1, 1000, 'number of attempts'),
      request.leash ? 'yes' : 'no',
      ...request.destinations.flatMap(destinationArguments),
    ],
    // What waits for a processor takes longer, up to 10 s.
    limitMs: timeoutMs + 12_000,
  };
}

/** `INDEX FAMILY ADDRESS HOST PORT` as the remote scripts take them; what is not set is "-". */
export function destinationArguments(destination: TcpDestination): string[] {
  const { index, family, address, host, port } = destination;
  if (address !== undefined && isIP(address) !== family) {
    throw new Failure('usage', `"${address}" is not an IPv${family} address`);
  }
  // getent of musl takes no "--", so a name that begins with a hyphen must not get there at all.
  if (host !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(host)) {
    throw new Failure('usage', `"${host}" is not a host name`);
  }
  if ((address === undefined) === (host === undefined)) {
    throw new Failure('bug', `destination ${index} needs either an address or a host name`);
  }
  return [
    wholeNumber(index, 0, Number.MAX_SAFE_INTEGER, 'destination index'),
    String(family),
    address ?? '-',
    host ?? '-',
    wholeNumber(port, 1, 65_535, 'port'),
  ];
}

/** A number as an argument for shell arithmetic, where anything but digits would be evaluated. */
export function wholeNumber(value: number, min: number, max: number, what: string): string {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Failure('usage', `${what}: ${value} is not a whole number from ${min} to ${max}`);
  }
  return String(value);
}
