// SPDX-License-Identifier: Apache-2.0
import { resolveArguments, type ProbeDestination, type RemoteCommand } from './probe.js';
import { compactScript } from './remote-script.js';
import findTool from './remote/find-tool.sh';
import leash from './remote/leash.sh';
import resolve from './remote/resolve.sh';
import traceProgram from './remote/trace.sh';
import { wholeNumber } from './tcp.js';

/**
 * What is sent with a growing hop limit: UDP datagrams by tracepath(8), which needs no right at all, or by mtr(8) ICMP echo
 * requests, UDP datagrams or TCP connects; the latter two need NET_RAW.
 */
export type TraceMethod = 'tracepath' | 'icmp' | 'udp' | 'tcp';

/** Asks for the routers on the way from one source to many destinations, all at the same time. */
export interface TraceRequest {
  destinations: ProbeDestination[];
  method: TraceMethod;
  /** How often each hop is asked. */
  count: number;
  /** Hops after which it is given up, 1 to 255. */
  maxHops: number;
  /** Of `udp` and `tcp`. */
  port?: number | undefined;
  /** How long mtr waits for answers after its last packet; always all of it; 3500 by default. tracepath waits 1 s for each. */
  timeoutMs?: number | undefined;
  /** Whether the client holds stdin open and wants the remote side to end when it closes; false by default. */
  leash?: boolean | undefined;
}

const defaultTimeoutMs = 3500;
const resolveLimitMs = 5000;
/** tracepath asks a silent hop three times, 1 s each; it is asked about 8 hops, then twice as many, up to the last. */
const silentHopMs = 3000;
/** The most tools that the script runs side by side. */
const sideBySide = 64;
const slackMs = 15_000;

/**
 * The command that traces from inside a pod; traceParser(request) reads its output. Throws a usage Failure for values that no
 * tool accepts.
 */
export function traceCommand(request: TraceRequest): RemoteCommand {
  const { destinations, method, count, maxHops, port } = request;
  const limitMs = resolveLimitMs + limitOf(request) + slackMs;
  return {
    argv: [
      'sh',
      '-c',
      compactScript(findTool + leash + resolve + traceProgram),
      'netmachinery-trace',
      request.leash === true ? 'yes' : 'no',
      String(Math.ceil(limitMs / 1000)),
      method,
      wholeNumber(count, 1, 1000, 'number of rounds'),
      wholeNumber(maxHops, 1, 255, 'hop limit'),
      port === undefined ? '-' : wholeNumber(port, 1, 65_535, 'port'),
      String(graceSeconds(request)),
      ...destinations.flatMap(resolveArguments),
    ],
    limitMs,
  };
}

function graceSeconds({ timeoutMs = defaultTimeoutMs }: TraceRequest): number {
  return Math.ceil(Number(wholeNumber(timeoutMs, 1, 600_000, 'timeout in ms')) / 1000);
}

function limitOf(request: TraceRequest): number {
  const { destinations, method, count, maxHops } = request;
  const tools = destinations.length * (method === 'tracepath' ? count : 1);
  // Asked about 8, 16, 32... hops it has waited for fewer than twice the last number of them.
  const onceMs = method === 'tracepath' ? 2 * maxHops * silentHopMs : (2 * count + graceSeconds(request)) * 1000;
  return onceMs * Math.max(1, Math.ceil(tools / sideBySide));
}
