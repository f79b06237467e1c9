// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import { parseDenial } from '../kube/denial.js';
import type { Reason } from '../model/reason.js';
import type { Hint, ProbeName, Result } from '../model/report.js';
import { explainService, nodeReady } from '../targets/explanations.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import type { ExplainedResults } from './policy-explanations.js';

/** What the response codes that are met most stand for (RFC 1035 section 4.1.1). */
const rcodeAdvice: Record<string, string> = {
  NXDOMAIN: "NXDOMAIN: there is no such name; the pod's search domains and ndots decide what a short one stands for",
  SERVFAIL: 'SERVFAIL: the DNS server failed, or the servers that it asks itself: look at its log',
  REFUSED: 'REFUSED: the DNS server does not serve this name, or this client',
};

/** The verb of each probe, for whoever has to be told what to type. */
const verbOfProbe: Record<ProbeName, string> = {
  icmp: 'ping',
  tcp: 'connect',
  udp: 'connect',
  dns: 'dns',
  http: 'http',
  mtu: 'mtu',
  trace: 'trace',
};

/** Only for what RBAC denied: a policy that refuses is satisfied by no Role. */
function missingRole({ message, probe, source }: Result): string | undefined {
  const access = parseDenial(message)?.accesses[0];
  if (access === undefined) return undefined;
  const { verb, resource, subresource, namespace = source.namespace } = access;
  const words = ['rbac', verbOfProbe[probe], '-n', namespace];
  if (resource === 'pods' && subresource === 'log') words.push('--no-exec');
  if (resource === 'pods' && subresource === undefined && /^(?:create|delete)$/.test(verb)) words.push('--probe-pod');
  return `not allowed: kubectl netmachinery ${words.join(' ')} prints the Role that is needed`;
}

/** A flag of the verbs, or of a suite's test what stands for it in the file: `run` has no such flags. */
function asked({ test }: Result, flag: string, inFile: string): string {
  return test === undefined ? flag : inFile;
}

/** What a person may do about a reason, where that does not depend on the cluster. */
const advice: Partial<Record<Reason, (result: Result) => string | undefined>> = {
  Refused: () => 'refused: the address answers, but nothing listens on that port (or a firewall rejects it)',
  TimedOut: () => 'timed out: packets are dropped on the way there or back, or the address belongs to nobody',
  NoReply: (result) =>
    result.probe === 'trace'
      ? `the destination did not answer: what is sent or its answers are dropped; ${asked(result, '--protocol icmp', 'protocol: icmp')} asks in another way`
      : 'no reply: echo requests or replies are dropped, or the address belongs to nobody',
  HostUnreachable: () => 'host unreachable: no machine answers for that address on its network, or a firewall says so',
  NetworkUnreachable: () => 'network unreachable: the source pod has no route there',
  Prohibited: () => 'prohibited: a firewall on the way rejects it',
  TimeExceeded: () => 'time exceeded: the hop limit is too low, or packets go round in circles',
  MessageTooLong: (result) => {
    const { nextMtu } = result;
    const size = asked(result, '--size', 'size');
    return nextMtu === undefined
      ? `message too long: use a smaller ${size}, or leave out ${asked(result, '--df', 'df')}`
      : `message too long: at most ${nextMtu} bytes pass, which is ${size} ${nextMtu - 28} over IPv4 and ${nextMtu - 48} over IPv6`;
  },
  MtuTooSmall: ({ mtu, message }) =>
    mtu?.limitedBy === 'router'
      ? `${message}: a tunnel or link on the way takes no more; set the pods' MTU (of the CNI) to that, or widen the link`
      : `${message}: the source's interface or route allows no more; it comes from the CNI's configuration`,
  BlackHole: ({ mtu, message }) =>
    `${message}: TCP connections hang as soon as they carry full packets; a link takes less than its ends believe, or a firewall drops "fragmentation needed" or long packets; an MTU of ${(mtu?.reverse?.limitedBy === 'silence' ? mtu.reverse : mtu)?.pathMtu ?? 'what passes'} for the pods avoids it`,
  NameNotFound: () => "name not found: look at the pod's dnsPolicy and at the cluster's DNS",
  DnsError: ({ dns }) => rcodeAdvice[dns?.rcode ?? ''],
  NoSuchRecord: (result) =>
    `the name exists, but has no ${result.dns?.type ?? ''} record: ask for another type with ${asked(result, '--type', 'types')}`,
  TlsFailed: (result) =>
    result.probe === 'http'
      ? `no TLS: where the certificate is right but not known to the tools, use ${asked(result, '--insecure', 'insecure: true')}; else look at server and port`
      : undefined,
  HttpFailed: () => 'connected, but no valid HTTP came back: is it an HTTP port, and with or without TLS?',
  UnexpectedStatus: ({ http }) =>
    (http?.status ?? 0) >= 500 ? 'the server, or a proxy before it, failed: look at its log' : undefined,
  Silent: (result) =>
    `silent: UDP does not say whether a datagram arrived; ${asked(result, '--udp-proof counters|capture', 'udpProof: counters or capture')} looks at the destination pod`,
  PingNotPermitted: (result) =>
    `ping not permitted: unprivileged ICMP is refused (by the node's runtime, by busybox' own ping, or by capabilities of the file of ping); use ${asked(result, '--raw', 'raw: true')} (user 0 and NET_RAW) or connect`,
  NoPositiveControl: (result) =>
    `no positive control: show that it can be reached at all, with ${asked(result, '--control destination or --control SRC', 'control: destination or control: SRC in the file')}`,
  ToolMissing: (result) =>
    `tool missing (${result.message}): use an image with the standard tools (--image)${asked(result, ', or another container (-c)', '')}`,
  Forbidden: missingRole,
  DeadlineExceeded: () => 'the run did not end in time: give it more time with --timeout, or fewer tests',
};

function isTrouble({ verdict }: Result): boolean {
  return verdict !== 'pass';
}

/** Groups results by a text; one hint a distinct text, in order of appearance. */
class Hints {
  readonly #byText = new Map<string, { ids: Set<string>; about?: Hint['about'] }>();

  add(text: string, id: string, about?: Hint['about']): void {
    const hint = this.#byText.get(text) ?? { ids: new Set<string>(), about };
    hint.ids.add(id);
    this.#byText.set(text, hint);
  }

  list(): Hint[] {
    return [...this.#byText].map(([text, { ids, about }]) => ({
      results: [...ids],
      text,
      ...(about === undefined ? {} : { about }),
    }));
  }
}

/** Advice is about what was not reached, or not as it was to be: for what was to be denied and answers it is no trouble. */
function adviceFor(result: Result): string | undefined {
  const isReached = result.expect === 'deny' && result.verdict === 'fail';
  return isReached ? undefined : advice[result.reason]?.(result);
}

/** What was done to the packets on purpose comes first: it is known, and everything else is a guess. */
function shapeText({ shape, verdict, expect }: Result): string | undefined {
  if (shape === undefined || (verdict !== 'fail' && verdict !== 'inconclusive')) return undefined;
  const isReached = expect === 'deny' && verdict === 'fail';
  return `made under the shape "${shape}"${isReached ? '' : ', which may be the cause'}`;
}

async function explainNode(cluster: Cluster, node: string): Promise<string | undefined> {
  const readiness = await nodeReady(cluster, node);
  if (readiness === undefined || readiness.ready) return undefined;
  return `node ${node} is not Ready: ${readiness.message ?? 'no reason is given'}`;
}

/** What the text of policies says where a policy may be the cause, or where the text and the measurement disagree. */
function policyTexts({ reason, verdict, expect, policies }: Result, lines: readonly string[] = []): string[] {
  if (policies === undefined || policies.egress.length + policies.ingress.length === 0) return [];
  const isAsked = verdict !== 'pass' && (networkReasons.has(reason) || expect === 'deny');
  if (!isAsked && policies.disagrees === undefined) return [];
  return lines.map((line) => `NetworkPolicies (an explanation, not a proof): ${line}`);
}

/** Reasons that a policy or a broken node may stand behind. */
const networkReasons = new Set<Reason>([
  'NoReply',
  'TimedOut',
  'Silent',
  'HostUnreachable',
  'Prohibited',
  'Refused',
  'PacketLoss',
  'SomeAttemptsFailed',
]);

/**
 * One line for each distinct cause of trouble in the results, with what may be done, and for the shapes that were in place and
 * what policies say of them.
 * Reads the cluster once a Service and node that trouble is about; what may not be read is left out.
 */
export async function hintsFor(
  cluster: Cluster,
  tests: readonly Test[],
  { results, lines }: ExplainedResults,
  measured: ReadonlyMap<number, Measurement> = new Map(),
): Promise<Hint[]> {
  const hints = new Hints();
  const byId = new Map(tests.map((test) => [`r${test.index + 1}`, test]));
  const asked = new Map<string, Promise<string | undefined>>();
  const once = (key: string, ask: () => Promise<string | undefined>) => {
    const answer = asked.get(key) ?? ask();
    asked.set(key, answer);
    return answer;
  };
  const found = await Promise.all(
    results.filter(isTrouble).map(async (result) => {
      const test = byId.get(result.id);
      const texts = [adviceFor(result)];
      if (test === undefined) return { id: result.id, texts };
      const own = measured.get(test.index)?.hint;
      if (own !== undefined) return { id: result.id, texts: result.reason === 'Forbidden' ? [own, ...texts] : [own] };
      const { source, destination } = test;
      const { namespace, name } = destination;
      if (
        result.reason === 'NoEndpoints' &&
        destination.kind === 'service' &&
        namespace !== undefined &&
        name !== undefined
      ) {
        texts.push(await once(`service ${namespace}/${name}`, () => explainService(cluster, namespace, name)));
      }
      if (networkReasons.has(result.reason)) {
        const nodes = new Set([source.node, destination.node].filter((node) => node !== undefined && node !== ''));
        texts.push(
          ...(await Promise.all(
            [...nodes].map((node) => once(`node ${node ?? ''}`, () => explainNode(cluster, node ?? ''))),
          )),
        );
      }
      return { id: result.id, texts };
    }),
  );
  const textsById = new Map(found.map(({ id, texts }) => [id, texts]));
  for (const result of results) {
    const { id } = result;
    const shape = shapeText(result);
    if (shape !== undefined) hints.add(shape, id, 'shape');
    for (const text of textsById.get(id) ?? []) if (text !== undefined) hints.add(text, id);
    for (const text of policyTexts(result, lines.get(id))) hints.add(text, id, 'policies');
  }
  return hints.list();
}
