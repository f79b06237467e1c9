// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import type { Reason } from '../model/reason.js';
import type { Hint, Result } from '../model/report.js';
import { explainService, nodeReady, policiesSelecting } from '../targets/explanations.js';
import type { Test } from './plan.js';

/** What a person may do about a reason, where that does not depend on the cluster. */
const advice: Partial<Record<Reason, (result: Result) => string>> = {
  Refused: () => 'refused: the address answers, but nothing listens on that port (or a firewall rejects it)',
  TimedOut: () => 'timed out: packets are dropped on the way there or back, or the address belongs to nobody',
  NoReply: () => 'no reply: echo requests or replies are dropped, or the address belongs to nobody',
  HostUnreachable: () => 'host unreachable: no machine answers for that address on its network, or a firewall says so',
  NetworkUnreachable: () => 'network unreachable: the source pod has no route there',
  Prohibited: () => 'prohibited: a firewall on the way rejects it',
  TimeExceeded: () => 'time exceeded: the hop limit is too low, or packets go round in circles',
  MessageTooLong: ({ nextMtu }) =>
    nextMtu === undefined
      ? 'message too long: use a smaller --size, or leave out --df'
      : `message too long: at most ${nextMtu} bytes pass, which is --size ${nextMtu - 28} over IPv4 and ${nextMtu - 48} over IPv6`,
  NameNotFound: () => "name not found: look at the pod's dnsPolicy and at the cluster's DNS",
  Silent: () =>
    'silent: UDP does not say whether a datagram arrived; --udp-proof counters|capture looks at the destination pod',
  PingNotPermitted: () =>
    "ping not permitted: unprivileged ICMP is refused (by the node's runtime, or by busybox' own ping); use --raw (user 0 and NET_RAW) or connect",
  NoPositiveControl: () =>
    'no positive control: show that it can be reached at all, with --control destination or --control SRC',
  ToolMissing: () => 'tool missing: use an image with the standard tools (--image), or another container (-c)',
  DeadlineExceeded: () => 'the run did not end in time: give it more time with --timeout, or fewer tests',
};

function isTrouble({ verdict }: Result): boolean {
  return verdict !== 'pass';
}

/** Groups results by a text; one hint a distinct text, in order of appearance. */
class Hints {
  readonly #byText = new Map<string, Set<string>>();

  add(text: string, id: string): void {
    const ids = this.#byText.get(text) ?? new Set();
    ids.add(id);
    this.#byText.set(text, ids);
  }

  list(): Hint[] {
    return [...this.#byText].map(([text, ids]) => ({ results: [...ids], text }));
  }
}

async function explainPod(cluster: Cluster, place: { namespace: string; name: string }): Promise<string | undefined> {
  const { namespace, name } = place;
  const pod = await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${name}`).catch((): undefined => undefined);
  const policies = pod === undefined ? undefined : await policiesSelecting(cluster, pod);
  if (policies === undefined || policies.length === 0) return undefined;
  const names = policies.map((policy) => `${namespace}/${policy}`).join(', ');
  return `NetworkPolicies that select ${namespace}/${name}: ${names} (whether they are the cause is not known)`;
}

async function explainNode(cluster: Cluster, node: string): Promise<string | undefined> {
  const readiness = await nodeReady(cluster, node);
  if (readiness === undefined || readiness.ready) return undefined;
  return `node ${node} is not Ready: ${readiness.message ?? 'no reason is given'}`;
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
 * One line for each distinct cause of trouble in the results, with what may be done. Reads the cluster once a Service,
 * pod and node that trouble is about; what may not be read is left out.
 */
export async function hintsFor(cluster: Cluster, tests: readonly Test[], results: readonly Result[]): Promise<Hint[]> {
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
      const texts = [advice[result.reason]?.(result)];
      if (test === undefined) return { result, texts };
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
        const pods = [{ namespace: source.namespace, name: source.name }, destination.pod].filter(
          (pod) => pod !== undefined,
        );
        const nodes = new Set([source.node, destination.node].filter((node) => node !== undefined && node !== ''));
        texts.push(
          ...(await Promise.all([
            ...pods.map((pod) => once(`pod ${pod.namespace}/${pod.name}`, () => explainPod(cluster, pod))),
            ...[...nodes].map((node) => once(`node ${node ?? ''}`, () => explainNode(cluster, node ?? ''))),
          ])),
        );
      }
      return { result, texts };
    }),
  );
  for (const { result, texts } of found) {
    for (const text of texts) if (text !== undefined) hints.add(text, result.id);
  }
  return hints.list();
}
