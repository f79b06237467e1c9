// SPDX-License-Identifier: Apache-2.0
import type { ContainerProbe, Pod } from '../kube/objects.js';
import type { Direction, Effects } from '../model/shaping.js';
import { attemptFailure, addedMs, type ProbeConversation } from './probe-attempt.js';

/** A probe that fails so often is at risk. */
const riskLimit = 0.01;

/** What follows from a probe that has failed often enough (Kubernetes documentation, "Pod Lifecycle", types of probe). */
const consequences = {
  livenessProbe: 'the container is restarted',
  readinessProbe: 'the pod leaves its Services',
  startupProbe: 'the container is restarted',
} as const;

type ProbeName = keyof typeof consequences;

const names: Readonly<Record<ProbeName, string>> = {
  livenessProbe: 'liveness',
  readinessProbe: 'readiness',
  startupProbe: 'startup',
};

/**
 * The probes of a pod that an unlimited shape would make fail, a line each; empty for none. The kubelet probes from the
 * node, `timeoutSeconds` (1) long, every `periodSeconds` (10), and acts after `failureThreshold` (3) failures in a row
 * (Kubernetes documentation, "Configure Liveness, Readiness and Startup Probes"). The model: each attempt fails by itself
 * with the probability of probe-attempt.ts; as many begin as fit into the duration; a probe is at risk if a run of
 * `failureThreshold` failures is more likely than 1 %. Correlated losses come in longer runs than this tells. Probes that
 * run inside the container (exec) use no network, and those of a pod in the node's network do not pass the pod's.
 */
export function probesAtRisk(pod: Pod, rule: { effects: Effects; direction: Direction }, durationMs: number): string[] {
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return [...sidecars, ...pod.spec.containers].flatMap((container) => {
    const isStarted = statuses.find(({ name }) => name === container.name)?.started === true;
    return (Object.keys(names) as ProbeName[]).flatMap((name) => {
      const probe = container[name];
      // A startup probe is never run again once it has succeeded.
      if (probe === undefined || (name === 'startupProbe' && isStarted)) return [];
      const risk = riskOf(probe, pod, rule, durationMs);
      return risk === undefined
        ? []
        : [`${names[name]} probe of container ${container.name} ${risk}: ${consequences[name]}`];
    });
  });
}

function riskOf(
  probe: ContainerProbe,
  pod: Pod,
  rule: { effects: Effects; direction: Direction },
  durationMs: number,
): string | undefined {
  const conversation = conversationOf(probe, pod);
  if (conversation === undefined) return undefined;
  const { timeoutSeconds = 1, periodSeconds = 10, failureThreshold = 3 } = probe;
  const attempts = Math.floor(durationMs / (periodSeconds * 1000)) + 1;
  const failure = attemptFailure(conversation, rule, timeoutSeconds * 1000);
  const run = runProbability(failure, failureThreshold, attempts);
  if (run <= riskLimit) return undefined;
  const times = failureThreshold === 1 ? 'once' : `${failureThreshold} times in a row`;
  const terms = `${conversation.kind}, timeout ${timeoutSeconds}s, every ${periodSeconds}s`;
  if (rule.effects.partition) return `(${terms}) would fail ${times}, as nothing gets through`;
  const ms = addedMs(conversation, rule);
  if (ms > timeoutSeconds * 1000) return `(${terms}) would fail ${times}, as its answer takes ${formatMs(ms)}`;
  return `(${terms}) would fail ${times} with a probability of ${formatProbability(run)}`;
}

function formatMs(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)}ms` : `${Math.round(ms / 1000)}s`;
}

function formatProbability(probability: number): string {
  const percent = probability * 100;
  if (percent > 99) return 'more than 99%';
  return `${percent < 10 ? Math.round(percent * 10) / 10 : Math.round(percent)}%`;
}

/** The probability of at least one run of so many failures among independent attempts. */
function runProbability(failure: number, length: number, attempts: number): number {
  // probabilities[n]: no run yet, and the last n attempts have failed.
  let probabilities: number[] = Array.from({ length }, (_, index) => (index === 0 ? 1 : 0));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const unbroken = probabilities.reduce((sum, probability) => sum + probability, 0);
    probabilities = probabilities.map((_, index) =>
      index === 0 ? unbroken * (1 - failure) : (probabilities[index - 1] ?? 0) * failure,
    );
    if (unbroken === 0) break;
  }
  return 1 - probabilities.reduce((sum, probability) => sum + probability, 0);
}

/**
 * What passes between the kubelet and the pod, as exchanges of bytes that the pod receives and sends (headers included):
 * SYN and SYN-ACK; then, in TLS 1.3, both hellos; in HTTP/2 both settings, which gRPC's client waits for; request and answer.
 */
function conversationOf({ httpGet, tcpSocket, grpc }: ContainerProbe, pod: Pod): ProbeConversation | undefined {
  const host = httpGet?.host ?? tcpSocket?.host;
  const isElsewhere = host !== undefined && host !== '' && !(pod.status?.podIPs ?? []).some(({ ip }) => ip === host);
  if (pod.spec.hostNetwork === true || isElsewhere) return undefined;
  const connect = { inBytes: 74, outBytes: 74 };
  const answer = { inBytes: 250, outBytes: 500 };
  if (tcpSocket !== undefined) return { kind: 'tcpSocket', exchanges: [connect] };
  if (grpc !== undefined) {
    return { kind: 'grpc', exchanges: [connect, { inBytes: 150, outBytes: 150 }, answer] };
  }
  if (httpGet === undefined) return undefined;
  if (httpGet.scheme?.toUpperCase() !== 'HTTPS') return { kind: 'httpGet', exchanges: [connect, answer] };
  return { kind: 'httpGet', exchanges: [connect, { inBytes: 600, outBytes: 4000 }, answer] };
}
