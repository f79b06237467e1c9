// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import { dnsCommand, type DnsExpectation, type DnsQuery } from '../probes/dns.js';
import { dnsQuestion, dnsRcode, dnsType, type DnsType } from '../probes/dns-names.js';
import { dnsParser, type DnsOutcome } from '../probes/dns-parser.js';
import { defaultUdpTimeoutMs } from '../probes/udp.js';
import { searchPath, type ResolverConfiguration } from '../probes/resolver-configuration.js';
import { resolverFileCommand, resolverFileParser } from '../probes/resolver-file.js';
import { podLabel } from '../kube/pod-eligibility.js';
import { parseDnsServer } from '../targets/dns-server-words.js';
import type { DestinationRef } from '../targets/refs.js';
import type { SourcePod } from '../targets/source-pod.js';
import { measureBySource, testsBySource } from './by-source.js';
import { configuredServers, namedServers, type ServerSearch } from './dns-servers.js';
import { executeProbe } from './execute-probe.js';
import type { Measurement } from './measurement.js';
import { planTests, type Plan, type Test } from './plan.js';
import type { Measurer } from './run-request.js';
import { settleAll } from './settle-all.js';
import { rttStatistics } from '../model/statistics.js';
import type { Workplaces } from './workplaces.js';

/** What `dns` asks. */
export interface DnsOptions {
  /** Domain names, and addresses whose names are asked for; undefined: those that each source's tests were planned for. */
  names?: readonly string[] | undefined;
  types: readonly DnsType[];
  /** Instead of those that the pod's resolv.conf names; port 53 where they have none. */
  servers?: readonly DestinationRef[] | undefined;
  /** Each endpoint of servers that are Services, beside their virtual address. */
  eachEndpoint: boolean;
  /** Of the addresses of `servers`; undefined: the source's own first one. */
  families?: readonly (4 | 6)[] | undefined;
  /** Of `servers` without one. */
  namespace?: string | undefined;
  attempts: number;
  /** Limit of one query. */
  timeoutMs: number;
  tcp: boolean;
  expect: DnsExpectation;
}

/** Options as flags and suites write them. Throws a usage Failure for what is no name, type, server or response code. */
export function dnsOptionsOf(words: {
  names?: readonly string[] | undefined;
  types?: readonly string[] | undefined;
  servers?: readonly string[] | undefined;
  eachEndpoint?: boolean | undefined;
  attempts?: number | undefined;
  timeoutMs?: number | undefined;
  tcp?: boolean | undefined;
  rcode?: string | undefined;
  answers?: readonly string[] | undefined;
}): DnsOptions {
  const { names, types = ['A'], servers, eachEndpoint = false, tcp = false, rcode, answers } = words;
  const protocol = tcp ? 'tcp' : 'udp';
  return {
    names,
    types: types.map((word) => dnsType(word.trim())),
    servers: servers?.map((word) => parseDnsServer(word, protocol)),
    eachEndpoint,
    attempts: words.attempts ?? 3,
    timeoutMs: words.timeoutMs ?? defaultUdpTimeoutMs,
    tcp,
    expect: {
      rcode: rcode === undefined ? undefined : dnsRcode(rcode),
      answers: answers?.map((answer) => answer.trim()),
    },
  };
}

/** What a run of `dns` names as destinations: what is asked of whom is only known in the pod, and takes their place then. */
export function dnsDestinations(names: readonly string[]): DestinationRef[] {
  return names.map((name) => ({ text: name, target: { kind: 'host', host: name }, ports: [53], protocol: 'udp' }));
}

function dnsMeasurement({ reason, message, attempts, dns }: DnsOutcome, startedAt: Date): Measurement {
  const rttMs = rttStatistics(attempts.flatMap(({ ms }) => (ms === undefined ? [] : [ms])));
  return {
    reason,
    message,
    attempts: attempts.length,
    startedAt,
    facts: {
      attemptResults: attempts,
      ...(rttMs === undefined ? {} : { rttMs }),
      ...(dns === undefined ? {} : { dns }),
    },
  };
}

/** How pods resolve names, read once in each. */
class Configurations {
  readonly #known = new Map<string, Promise<ResolverConfiguration>>();
  static readonly #byRun = new WeakMap<Workplaces, Configurations>();

  /** A measurer may serve several runs, whose pods are entered anew. */
  static in(workplaces: Workplaces): Configurations {
    const configurations = Configurations.#byRun.get(workplaces) ?? new Configurations(workplaces);
    Configurations.#byRun.set(workplaces, configurations);
    return configurations;
  }

  private constructor(readonly workplaces: Workplaces) {}

  of(source: SourcePod): Promise<ResolverConfiguration> {
    const key = podLabel(source.pod);
    const configuration = this.#known.get(key) ?? this.#read(source);
    this.#known.set(key, configuration);
    return configuration;
  }

  async #read(source: SourcePod): Promise<ResolverConfiguration> {
    const execute = await this.workplaces.open(source);
    const [found] = await executeProbe(execute, resolverFileCommand(), resolverFileParser());
    if (found === undefined || found instanceof Failure) throw found ?? new Failure('bug', 'no resolver configuration');
    return found;
  }
}

function dnsQueryOf({ index, destination }: Test, configuration: ResolverConfiguration): DnsQuery {
  const { question, address = '', port = 53 } = destination;
  const { name = '', type = 'A' } = question ?? {};
  const { asked, type: askedType } = dnsQuestion(name, dnsType(type));
  const { names, ownFirst } = searchPath(asked, configuration);
  return { index, name, type: askedType, names, ownFirst, server: address, port };
}

/** The questions of a run; an address is asked for once, whatever the types. */
function questionsOf(names: readonly string[], types: readonly DnsType[]): { name: string; type: string }[] {
  const questions = names.flatMap((name) => types.map((type) => dnsQuestion(name, type)));
  return [...new Map(questions.map(({ name, type }) => [`${name} ${type}`, { name, type }])).values()];
}

/** How `dns` measures. Throws a usage Failure for what is no domain name. */
export function dnsMeasurer(options: DnsOptions): Measurer {
  const { tcp, eachEndpoint, servers: refs, families, namespace } = options;
  const { names, types } = options;
  const questions = names && questionsOf(names, types);
  const protocol = tcp ? 'tcp' : 'udp';

  /** The servers that a source asks, as tests without a question. */
  async function serversOf(source: SourcePod, workplaces: Workplaces, nameservers: readonly string[]): Promise<Plan> {
    const { cluster } = workplaces;
    const { signal } = workplaces.options;
    const search: ServerSearch = { eachEndpoint, protocol, families: families ?? [4, 6], namespace, signal };
    if (refs === undefined) {
      const { servers, notes } = await configuredServers(cluster, nameservers, search);
      return { tests: servers.map((destination) => ({ index: 0, source, destination })), notes };
    }
    const { servers, notes } = await namedServers(cluster, refs, search);
    const planned = planTests([source], servers, { chooseFamily: families === undefined });
    return { tests: planned.tests, notes: [...notes, ...planned.notes] };
  }

  /** A test of each question at each server. A source that cannot be entered keeps what was planned for it. */
  async function testsOf(source: SourcePod, planned: readonly Test[], workplaces: Workplaces): Promise<Plan> {
    const configuration = await Configurations.in(workplaces).of(source).catch(asFailure);
    if (configuration instanceof Failure) {
      if (configuration.code === 'bug') throw configuration;
      // Asked for again by `measure`, which fails with it.
      return { tests: [...planned], notes: [] };
    }
    const { tests, notes } = await serversOf(source, workplaces, configuration.nameservers);
    const planFor = questions ?? questionsOf([...new Set(planned.map(({ destination }) => destination.ref))], types);
    const asked = planFor.flatMap((question) =>
      tests.map((test): Test => {
        const ref = `${question.name} ${question.type}`;
        return { index: test.index, source, destination: { ...test.destination, ref, question } };
      }),
    );
    return { tests: asked, notes };
  }

  return {
    verb: 'dns',
    targetVerb: 'connect',
    protocols: [protocol],
    capabilities: [],
    probeOf: () => 'dns',
    expand: async (tests, workplaces) => {
      const plans = await settleAll(
        testsBySource(tests).map(({ source, tests: planned }) =>
          workplaces.atWork(() => testsOf(source, planned, workplaces)),
        ),
      );
      return { tests: plans.flatMap((plan) => plan.tests), notes: plans.flatMap(({ notes }) => notes) };
    },
    measure: (tests, workplaces) =>
      measureBySource(tests, workplaces.atWork, async (source, own) => {
        const startedAt = new Date();
        const configuration = await Configurations.in(workplaces).of(source);
        const execute = await workplaces.open(source);
        const { attempts, timeoutMs, expect } = options;
        const queries = own.map((test) => dnsQueryOf(test, configuration));
        const request = { queries, attempts, timeoutMs, tcp, expect, leash: workplaces.leash };
        const outcomes = await executeProbe(execute, dnsCommand(request), dnsParser(request));
        return new Map(outcomes.map((outcome) => [outcome.index, dnsMeasurement(outcome, startedAt)]));
      }),
  };
}
