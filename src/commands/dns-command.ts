// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { dnsDestinations, dnsMeasurer, dnsOptionsOf, type DnsOptions } from '../runs/dns.js';
import { runTests } from '../runs/run-tests.js';
import { resourceKind } from '../targets/resource-types.js';
import { parseSelectorSource, parseSource } from '../targets/source-grammar.js';
import type { TargetArguments } from '../targets/target-arguments.js';
import { reportRun, type ReportFlags } from './probe-command.js';
import { targetsRequest, type RunFlags } from './run-request.js';

/** The flags of `dns`, as they were parsed. Times in ms. */
export interface DnsFlags extends Omit<ReportFlags, 'server'>, Omit<RunFlags, 'to-selector'> {
  type?: string[] | undefined;
  /** DNS servers, and kubectl's API server, which has a scheme. */
  server?: string[] | undefined;
  'each-endpoint': boolean;
  tcp: boolean;
  attempts: number;
  'expect-rcode'?: string | undefined;
  'expect-answer'?: string[] | undefined;
  'connect-timeout': number;
}

/** Words as a source and names; what follows the source is never taken for a type of object. Throws Failure `usage`. */
function dnsTargets(words: readonly string[], selector: string | undefined): TargetArguments & { names: string[] } {
  const sourceLength = selector !== undefined ? 0 : resourceKind(words[0] ?? '') === undefined ? 1 : 2;
  const sourceWords = words.slice(0, sourceLength);
  const names = words.slice(sourceLength);
  const usage = { hint: 'usage: dns SRC NAME..., such as: dns deploy/web kubernetes.default' };
  if (selector === undefined && words.length === 0) {
    throw new Failure('usage', 'a source and a name to resolve are needed', usage);
  }
  if (names.length === 0) throw new Failure('usage', 'a name to resolve is needed', usage);
  const source = selector === undefined ? parseSource(sourceWords) : parseSelectorSource(selector);
  return { source, destinations: dnsDestinations(names), names };
}

/** kubectl's `--server` and ours have one name. */
function isApiServer(word: string): boolean {
  return /^https?:\/\//i.test(word);
}

function optionsOf(names: string[], flags: DnsFlags): DnsOptions {
  const dnsServers = (flags.server ?? []).filter((word) => !isApiServer(word));
  const wantsIpv6 = flags['ip-families'] === 'ipv6' || flags['ip-families'] === 'both';
  return dnsOptionsOf({
    names,
    types: flags.type ?? (wantsIpv6 ? ['A', 'AAAA'] : ['A']),
    servers: dnsServers.length === 0 ? undefined : dnsServers,
    eachEndpoint: flags['each-endpoint'],
    attempts: flags.attempts,
    timeoutMs: flags['connect-timeout'],
    tcp: flags.tcp,
    rcode: flags['expect-rcode'],
    answers: flags['expect-answer'],
  });
}

/** `dns`: words and flags to a report. */
export async function runDnsCommand(words: string[], flags: DnsFlags): Promise<void> {
  const { names, ...targets } = dnsTargets(words, flags.selector);
  if (flags.control === 'destination') {
    throw new Failure('usage', '--control destination cannot be used with dns: its servers are only known in the pod', {
      hint: 'name a pod that may ask them: --control deploy/web',
    });
  }
  const request = targetsRequest(targets, flags, { maxLossPercent: 0 });
  const options = { ...optionsOf(names, flags), families: request.families };
  const measurer = dnsMeasurer(options);
  const server = flags.server?.findLast(isApiServer);
  await reportRun({ ...flags, server }, (cluster, { signal, observer }) =>
    // The families are those of the servers: a source has tests whatever its own are.
    runTests(cluster, { ...request, families: undefined, signal }, measurer, observer),
  );
}
