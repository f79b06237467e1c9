// SPDX-License-Identifier: Apache-2.0
import { resolveArguments, type ProbeDestination, type RemoteCommand } from './probe.js';
import { compactScript } from './remote-script.js';
import findTool from './remote/find-tool.sh';
import leash from './remote/leash.sh';
import mtuProgram from './remote/mtu.sh';
import resolve from './remote/resolve.sh';
import { wholeNumber } from './tcp.js';

/** Searches for the path MTU from one source to many destinations, all at the same time. */
export interface MtuRequest {
  destinations: ProbeDestination[];
  /** The largest IP packet in bytes that is tried; by default as long as the interface allows. */
  maxBytes?: number | undefined;
  /** How long the first, short packets wait for an answer; 3500 by default, because a failed ARP takes 3 s to show. */
  timeoutMs?: number | undefined;
  /** Whether the client holds stdin open and wants the remote side to end when it closes; false by default. */
  leash?: boolean | undefined;
}

/** The smallest `maxBytes`: longer than the short packets of both families that the search begins with. */
const leastMaxBytes = 128;
/** The length of an IP packet has 16 bits (RFC 791; an IPv6 jumbogram, RFC 2675, is sent by nobody). */
const mostMaxBytes = 65_535;

const defaultTimeoutMs = 3500;
/** A search over all sizes takes up to 16 steps, most of 1 s; what is lost at the end is repeated (remote/mtu.sh). */
const searchLimitMs = 90_000;
const resolveLimitMs = 5000;
const slackMs = 4000;
/** The most searches that the script runs side by side. */
const sideBySide = 64;

/**
 * The command that searches from inside a pod; mtuParser(request) reads its output. Throws a usage Failure for values that
 * cannot be.
 */
export function mtuCommand(request: MtuRequest): RemoteCommand {
  const { destinations, maxBytes, timeoutMs = defaultTimeoutMs } = request;
  const firstSeconds = Math.ceil(Number(wholeNumber(timeoutMs, 1, 600_000, 'timeout in ms')) / 1000);
  const batches = Math.max(1, Math.ceil(destinations.length / sideBySide));
  const limitMs = resolveLimitMs + batches * (firstSeconds * 1000 + searchLimitMs) + slackMs;
  return {
    argv: [
      'sh',
      '-c',
      compactScript(findTool + leash + resolve + mtuProgram),
      'netmachinery-mtu',
      request.leash === true ? 'yes' : 'no',
      String(Math.ceil(limitMs / 1000)),
      String(firstSeconds),
      maxBytes === undefined ? '-' : wholeNumber(maxBytes, leastMaxBytes, mostMaxBytes, 'largest packet in bytes'),
      ...destinations.flatMap(resolveArguments),
    ],
    limitMs,
  };
}
