// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { resolveArguments, type ProbeDestination, type RemoteCommand } from './probe.js';
import { compactScript } from './remote-script.js';
import findTool from './remote/find-tool.sh';
import icmpProgram from './remote/icmp.sh';
import leash from './remote/leash.sh';
import resolve from './remote/resolve.sh';

/** Echo requests from one source to many destinations, all at the same time. */
export interface IcmpRequest {
  destinations: ProbeDestination[];
  /** Echo requests to each destination; 5 by default, at most 65535 (their sequence number has 16 bits). */
  count?: number | undefined;
  /** Time between two of them to one destination; 200 by default, at least 10. */
  intervalMs?: number | undefined;
  /** ICMP payload in bytes (the tools' default is 56). */
  sizeBytes?: number | undefined;
  /** Hop limit, 1 to 255. */
  ttl?: number | undefined;
  /** Sets the don't-fragment bit; packets that are too long for the path are then reported with the next hop's MTU. */
  dontFragment?: boolean | undefined;
  /** Ends the measurement after this time, whatever is still outstanding. */
  deadlineMs?: number | undefined;
  /** How long an echo request may stay unanswered; 3500 by default, because a failed ARP takes 3 s to show. */
  replyTimeoutMs?: number | undefined;
  /** Whether the client holds stdin open and wants the remote side to end when it closes; false by default. */
  leash?: boolean | undefined;
}

const icmpDefaults = { count: 5, intervalMs: 200, replyTimeoutMs: 3500 } as const;

/** The longest time that the remote script gives the resolver for all host names together. */
const resolveLimitMs = 5000;
/** Silence before the cause is looked for, and the two echo requests of that. */
const explainMs = 700 + 200;
/** The most processes that the script runs side by side where it has no fping. */
const sideBySide = 64;
const slackMs = 4000;

/**
 * The command that sends the echo requests of `request` from inside a pod; icmpParser(request) reads its output.
 * Throws a usage Failure for values that no tool accepts.
 */
export function icmpCommand(request: IcmpRequest): RemoteCommand {
  const { count, intervalMs, replyTimeoutMs } = icmpTimes(request);
  const sizeBytes = within('size', request.sizeBytes, 0, 65_507);
  const ttl = within('ttl', request.ttl, 1, 255);
  const deadlineMs = within('deadline', request.deadlineMs, 1, 86_400_000);
  const limitMs = limitOf(request);
  const argv = [
    request.leash === true ? 'yes' : 'no',
    Math.ceil(limitMs / 1000),
    count,
    intervalMs,
    replyTimeoutMs,
    sizeBytes ?? '-',
    ttl ?? '-',
    request.dontFragment === true ? 'yes' : 'no',
    deadlineMs ?? '-',
    ...request.destinations.flatMap(resolveArguments),
  ];
  return {
    argv: [
      'sh',
      '-c',
      compactScript(findTool + leash + resolve + icmpProgram),
      'netmachinery-ping',
      ...argv.map(String),
    ],
    limitMs,
  };
}

/** Count and times of a request with the defaults filled in. */
export function icmpTimes(request: IcmpRequest): { count: number; intervalMs: number; replyTimeoutMs: number } {
  return {
    count: within('count', request.count ?? icmpDefaults.count, 1, 65_535),
    intervalMs: within('interval', request.intervalMs ?? icmpDefaults.intervalMs, 10, 3_600_000),
    replyTimeoutMs: within('reply timeout', request.replyTimeoutMs ?? icmpDefaults.replyTimeoutMs, 1, 600_000),
  };
}

/** How many echo requests are sent to each destination before the deadline. */
export function plannedEchoes(request: IcmpRequest): number {
  const { count, intervalMs } = icmpTimes(request);
  if (request.deadlineMs === undefined) return count;
  return Math.min(count, Math.floor((request.deadlineMs - 1) / intervalMs) + 1);
}

/**
 * When the remote script ends itself if a tool hangs; every tool ends by itself long before. After the measurement comes
 * at most the search for causes or, where there were duplicates, a second measurement that names them.
 */
function limitOf(request: IcmpRequest): number {
  const { count, intervalMs, replyTimeoutMs } = icmpTimes(request);
  const targets = request.destinations.length;
  // fping waits 1 ms between two packets, so very many destinations stretch the period.
  const sendingMs = (count - 1) * Math.max(intervalMs, targets);
  const onceMs = sendingMs + replyTimeoutMs + Math.max(explainMs + replyTimeoutMs, sendingMs + replyTimeoutMs);
  const measuringMs = request.deadlineMs === undefined ? onceMs : Math.min(onceMs, request.deadlineMs + explainMs);
  const resolvingMs = request.destinations.some((destination) => destination.host !== undefined) ? resolveLimitMs : 0;
  const limitMs = 2 * resolvingMs + measuringMs * Math.max(1, Math.ceil(targets / sideBySide)) + slackMs;
  return Math.ceil(limitMs / 1000) * 1000;
}

function within<T extends number | undefined>(name: string, value: T, least: number, most: number): T {
  if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most))
    throw new Failure('usage', `${name} must be a whole number from ${least} to ${most}, not ${value}`);
  return value;
}
