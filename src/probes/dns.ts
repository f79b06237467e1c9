// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { Failure } from '../errors/failure.js';
import { dnsTypes, type DnsType } from './dns-names.js';
import type { RemoteCommand } from './probe.js';
import dnsProgram from './remote/dns.sh';
import { blocksAtOnce, blocksCommand, blocksOf } from './request-blocks.js';
import { wholeNumber } from './tcp.js';

/** What starting processes may take on a crowded node: the command ends long before. */
const slackMs = 12_000;

/** What has to come back, beside any answer at all. */
export interface DnsExpectation {
  /** `NXDOMAIN` and the like. */
  rcode?: string | undefined;
  /** All of these, in any order, and nothing else. */
  answers?: readonly string[] | undefined;
}

/** One question to one server. */
export interface DnsQuery {
  index: number;
  /** As it was written. */
  name: string;
  type: DnsType;
  /** Absolute names, which are asked for in turn until one has records. */
  names: readonly string[];
  /** The first of several names is the one as it was written; its answer counts where none has records. */
  ownFirst: boolean;
  server: string;
  port: number;
}

/** Questions from one pod, all in one exec. */
export interface DnsRequest {
  queries: DnsQuery[];
  /** The search counts as the first; the others repeat its last query. */
  attempts: number;
  /** Limit of one query; dig counts whole seconds, so it is rounded up to one. */
  timeoutMs: number;
  /** Over TCP. */
  tcp: boolean;
  expect: DnsExpectation;
  /** Whether stdin is connected, and its end means that nobody waits for the result any more. */
  leash: boolean;
}

/** The limit of a query as dig takes it. */
export function wholeSeconds(timeoutMs: number): number {
  return Math.max(1, Math.ceil(timeoutMs / 1000));
}

/** The command that asks. Throws a usage Failure for an address, name or number that could be anything else. */
export function dnsCommand({ queries, attempts, timeoutMs, tcp, leash }: DnsRequest): RemoteCommand {
  const seconds = wholeSeconds(timeoutMs);
  const script = {
    name: 'netmachinery-dns',
    text: dnsProgram,
    arguments: [
      wholeNumber(seconds, 1, 3600, 'query timeout in s'),
      wholeNumber(attempts, 1, 1000, 'number of attempts'),
      tcp ? 'tcp' : 'notcp',
    ],
  };
  const longest = queries.reduce((most, { names }) => Math.max(most, names.length), 1);
  const rounds = Math.ceil(queries.length / blocksAtOnce);
  const limitMs = rounds * (longest + attempts) * seconds * 1000 + slackMs;
  return blocksCommand(script, blocksOf(queries.map((query) => [queryLine(query)])), { leash, limitMs });
}

function queryLine({ index, server, port, type, names }: DnsQuery): string {
  if (isIP(server) === 0 || server.includes('%')) throw new Failure('usage', `"${server}" is not an IP address`);
  if (!dnsTypes.includes(type)) throw new Failure('usage', `"${type}" is not a record type`);
  for (const name of names) {
    if (!/^[A-Za-z0-9_*][A-Za-z0-9_*.-]*\.$/.test(name)) throw new Failure('usage', `"${name}" is not a domain name`);
  }
  if (names.length === 0) throw new Failure('bug', `query ${index} has no name`);
  const numbers = [wholeNumber(index, 0, Number.MAX_SAFE_INTEGER, 'query index'), server];
  return [...numbers, wholeNumber(port, 1, 65_535, 'port'), type, ...names].join(' ');
}
