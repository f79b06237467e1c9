// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { dnsQuery } from './dns-query.js';
import type { RemoteCommand } from './probe.js';
import bashProgram from './remote/udp-exchange.bash.sh';
import shellProgram from './remote/udp-exchange.sh';
import { destinationArguments, wholeNumber, type TcpDestination } from './tcp.js';
import { compactScript } from './remote-script.js';

const defaultUdpAttempts = 3;
export const defaultUdpTimeoutMs = 3500;
/** What starting processes may take on a crowded node: the command ends long before. */
const slackMs = 12_000;
/** What an IPv4 link of 1500 bytes carries in one packet, so that no datagram of ours is ever a fragment. */
const maxUdpPayloadBytes = 1472;

export interface UdpDestination extends TcpDestination {
  /** Sent as one datagram, whatever its bytes; 1 to 1472 of them. */
  payload: Buffer;
}

/** Datagrams from one pod, all in one exec. */
export interface UdpRequest {
  destinations: UdpDestination[];
  /** Datagrams a destination at most; the next one follows where there is silence. Default 3. */
  attempts?: number;
  /** Limit for all attempts of a destination together; default 3500. */
  timeoutMs?: number;
  /** Whether stdin is connected, and its end means that nobody waits for the result any more. */
  leash: boolean;
}

/**
 * The command that sends the datagrams and reads the answers: done within the timeout + 0.5 s. Throws a usage Failure for
 * an address, name, number or payload that cannot be.
 */
export function udpCommand(request: UdpRequest): RemoteCommand {
  const attempts = request.attempts ?? defaultUdpAttempts;
  const timeoutMs = request.timeoutMs ?? defaultUdpTimeoutMs;
  return {
    argv: [
      'sh',
      '-c',
      compactScript(shellProgram),
      'netmachinery-udp',
      compactScript(bashProgram),
      wholeNumber(timeoutMs, 1, 3_600_000, 'timeout in ms'),
      wholeNumber(attempts, 1, 1000, 'number of attempts'),
      request.leash ? 'yes' : 'no',
      ...request.destinations.flatMap((destination) => [
        ...destinationArguments(destination),
        escapedPayload(destination.payload),
      ]),
    ],
    limitMs: timeoutMs + slackMs,
  };
}

/** What a UDP port is likely to answer: port 53 a DNS query, any other the token, which a capture can recognise. */
export function defaultUdpPayload(port: number, token: string): Buffer {
  return port === 53 ? dnsQuery() : Buffer.from(token, 'utf8');
}

/** Every byte as `\xHH` for printf's %b; an argument can hold neither NUL nor bytes that are no text. */
function escapedPayload(payload: Buffer): string {
  if (payload.length < 1 || payload.length > maxUdpPayloadBytes) {
    throw new Failure('usage', `a UDP payload has 1 to ${maxUdpPayloadBytes} bytes, not ${payload.length}`);
  }
  return payload.toString('hex').replace(/../g, '\\x$&');
}
