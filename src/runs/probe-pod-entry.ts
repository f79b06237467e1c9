// SPDX-License-Identifier: Apache-2.0
import { asFailure, type Failure } from '../errors/failure.js';
import { abortFailure, untilAborted } from '../kube/guard.js';
import { callerName } from '../kube/identity.js';
import type { Pod } from '../kube/objects.js';
import { pause } from '../kube/pause.js';
import { podLabel } from '../kube/pod-eligibility.js';
import {
  createProbePod,
  probePodManifest,
  probePodName,
  removeProbePod,
  type ProbePodRequest,
} from '../kube/probe-pod.js';
import { probePodRefusal, rehearseProbePods } from '../kube/probe-pod-rehearsal.js';
import { podPath } from '../kube/tool-container-patch.js';
import { strictBudgets } from '../targets/disruption-budgets.js';
import type { Execute } from './execute-probe.js';
import { entryKey, toolRequest, type EntryContext, type EntryGroup, type PodEntry } from './pod-entry.js';
import { ToolContainerSession } from './tool-container-session.js';

/** How long a probe pod stays without work: long enough for what is between two commands of a run. */
const idleSeconds = 120;
/** How long the kubelet may take to report the address of a pod in which tests ran already; a busy one takes many seconds. */
const addressWaitMs = 15_000;
const addressEveryMs = 100;
/** How long the end of a run waits for the answer to a creation, before the pod is deleted by its name and after that. */
const creationWaitMs = 3000;

interface ProbePod {
  /** The pod whose place it takes. */
  source: Pod;
  manifest: Pod;
  /** Settles when the server has answered, however the run has ended meanwhile. */
  created: Promise<Pod>;
  /** What it resolved with. */
  pod?: Pod;
}

/** Whether a promise settles within the time. */
function settlesWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), limitMs);
    const settled = () => {
      clearTimeout(timer);
      resolve(true);
    };
    promise.then(settled, settled);
  });
}

/** Executes in a pod of ours that is like the pod (`--probe-pod`), and removes it at the end. */
export class ProbePodEntry implements PodEntry {
  readonly leash = true;
  readonly warnings: string[] = [];
  readonly #refused = new Map<string, Failure>();
  readonly #pods: ProbePod[] = [];
  #caller: string | undefined;

  constructor(
    readonly context: EntryContext,
    readonly lifeSeconds: number,
  ) {}

  async rehearse(groups: readonly EntryGroup[]): Promise<string[]> {
    const { cluster, signal } = this.context;
    const copied = new Set<string>();
    const [caller] = await Promise.all([
      callerName(cluster, { signal }),
      ...groups.map(async ({ pods, capabilities }) => {
        const refusals = await rehearseProbePods(cluster, pods, this.#request(capabilities), signal);
        for (const pod of pods) {
          const refusal = refusals.get(pod);
          if (refusal === undefined) copied.add(podLabel(pod));
          else this.#refused.set(entryKey(pod, capabilities), refusal);
        }
      }),
    ]);
    this.#caller = caller;
    if (copied.size === 0) return [];
    const pods = groups.flatMap((group) => group.pods).filter((pod) => copied.has(podLabel(pod)));
    const budgets = await strictBudgets(cluster, pods, signal);
    if (budgets.length > 0) {
      const are = budgets.length === 1 ? 'PodDisruptionBudget' : 'PodDisruptionBudgets';
      this.warnings.push(
        `while a probe pod is there, no pod may be evicted under ${are} ${budgets.join(', ')}: ` +
          'its pods are counted by their controllers, and a probe pod has none that can be scaled',
      );
    }
    const created = copied.size === 1 ? '1 pod is created' : `${copied.size} pods are created`;
    return [
      `${created} (netmachinery-probe-... like ${[...copied].sort().join(', ')}) and removed afterwards`,
      ...this.warnings,
    ];
  }

  async enter(pod: Pod, capabilities: readonly string[]): Promise<Execute> {
    const refusal = this.#refused.get(entryKey(pod, capabilities));
    if (refusal !== undefined) throw refusal;
    const { signal } = this.context;
    if (signal.aborted) throw abortFailure(signal);
    const created = await this.#create(pod, capabilities);
    const { namespace = '', name, uid } = created.metadata;
    const container = created.spec.containers[0]?.name ?? '';
    const place = { namespace, pod: name, podUid: uid, name: container, added: true, running: false };
    const session = new ToolContainerSession(this.context, created, place);
    return (command, sinks) => session.execute(command, sinks);
  }

  /** The probe pod with its address, once the kubelet has reported one; undefined where none was created. */
  async standIn(pod: Pod): Promise<Pod | undefined> {
    const found = this.#pods.find(({ source }) => podLabel(source) === podLabel(pod));
    const created = found?.pod;
    if (created === undefined) return undefined;
    const giveUpMs = performance.now() + addressWaitMs;
    for (;;) {
      const signal = AbortSignal.timeout(addressWaitMs);
      const current = await this.context.cluster.get<Pod>(podPath(created), { signal }).catch(() => created);
      const isKnown = (current.status?.podIPs ?? []).length > 0;
      if (isKnown || this.context.signal.aborted || performance.now() > giveUpMs) return current;
      await pause(addressEveryMs);
    }
  }

  async leave(): Promise<string[]> {
    const left = await Promise.all(
      this.#pods.map(async ({ manifest, created }) => {
        const { namespace = '', name } = manifest.metadata;
        const remedy = `kubectl delete pod -n ${namespace} ${name}`;
        try {
          // A request that was under way may still have been heeded.
          const isAnswered = await settlesWithin(created, creationWaitMs);
          await removeProbePod(this.context.cluster, manifest);
          if (isAnswered) return undefined;
          if (!(await settlesWithin(created, creationWaitMs))) {
            return `pod ${namespace}/${name} may still be created, the server has not answered: ${remedy}`;
          }
          await removeProbePod(this.context.cluster, manifest);
          return undefined;
        } catch (thrown) {
          return `pod ${namespace}/${name} was not removed (${asFailure(thrown).message}): ${remedy}`;
        }
      }),
    );
    this.#pods.length = 0;
    return left.filter((line) => line !== undefined);
  }

  #request(capabilities: readonly string[]): ProbePodRequest {
    const { tool } = this.context;
    const request = toolRequest(tool, capabilities, this.#caller);
    return { ...request, idleSeconds: tool.idleSeconds ?? idleSeconds, lifeSeconds: this.lifeSeconds };
  }

  /** Not with the run's signal: what is not waited for could not be removed. */
  async #create(source: Pod, capabilities: readonly string[]): Promise<Pod> {
    const { cluster, signal } = this.context;
    const manifest = probePodManifest(source, probePodName(), this.#request(capabilities));
    const created = createProbePod(cluster, manifest, {
      signal: AbortSignal.timeout(this.context.tool.startTimeoutMs),
    });
    const probePod: ProbePod = { source, manifest, created };
    this.#pods.push(probePod);
    try {
      probePod.pod = await untilAborted(created, signal);
      return probePod.pod;
    } catch (thrown) {
      throw probePodRefusal(thrown, source);
    }
  }
}
