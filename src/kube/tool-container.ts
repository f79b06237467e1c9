// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';
import { ephemeralStatus } from './container-state.js';
import type { Container, Pod } from './objects.js';
import { pause } from './pause.js';
import { assertEligible, podLabel } from './pod-eligibility.js';
import { mayPass, patchToolContainer, podPath } from './tool-container-patch.js';
import { podItselfDenied, podSecurityDenial, toolContainerDenied } from './tool-container-pod-security.js';
import { patchFailure } from './tool-container-refusal.js';
import {
  generationOf,
  rightsOf,
  servesRequest,
  toolContainerSpec,
  type ToolContainerRequest,
} from './tool-container-spec.js';

/** A tool container stays in the pod's specification for ever, so there is an end to adding them. */
const maxPerKind = 10;
/** Two of us at once, or a server that stumbles: how often it is tried in all. */
const maxTries = 5;

/** A tool container of a pod. It may still be starting: see execWhenReady. */
export interface ToolContainer {
  namespace: string;
  pod: string;
  podUid: string | undefined;
  name: string;
  /** Whether this call added it. */
  added: boolean;
  /** Whether the pod's status says that it runs; a new one may run long before that. */
  running: boolean;
}

function toolContainer(pod: Pod, container: Container, added: boolean): ToolContainer {
  return {
    namespace: pod.metadata.namespace ?? 'default',
    pod: pod.metadata.name,
    podUid: pod.metadata.uid,
    name: container.name,
    added,
    running: ephemeralStatus(pod, container.name)?.state?.running !== undefined,
  };
}

/** The tool container of a pod that serves this request and has not ended, if there is one. Asks nobody. */
export function findToolContainer(pod: Pod, request: ToolContainerRequest): ToolContainer | undefined {
  const alive = (pod.spec.ephemeralContainers ?? []).filter(
    (container) =>
      servesRequest(container, request) && ephemeralStatus(pod, container.name)?.state?.terminated === undefined,
  );
  const candidates = alive.map((container) => toolContainer(pod, container, false));
  return candidates.find(({ running }) => running) ?? candidates[0];
}

/** The first generation whose name nobody in the pod has, ours or not. Throws Failure `tool` when there are too many. */
export function nextGeneration(pod: Pod, request: ToolContainerRequest): number {
  const rights = rightsOf(request);
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const generations = [...containers, ...initContainers, ...ephemeralContainers]
    .map(({ name }) => generationOf(name, rights))
    .filter((generation) => generation !== undefined);
  if (generations.length >= maxPerKind) {
    throw new Failure('tool', `pod ${podLabel(pod)} already has ${generations.length} tool containers of this kind`, {
      reason: 'ToolContainerFailed',
      hint: 'ephemeral containers cannot be removed: replace the pod (delete it, or kubectl rollout restart its owner)',
    });
  }
  return Math.max(0, ...generations) + 1;
}

/**
 * Why a tool container was refused, as a Failure. Where PodSecurity refused one with capabilities, the server is asked
 * about one without: if that is refused as well, it is the pod itself that violates the level.
 */
export async function refusalOf(
  thrown: unknown,
  cluster: Cluster,
  pod: Pod,
  request: ToolContainerRequest,
  options: { signal?: AbortSignal | undefined },
): Promise<unknown> {
  const denial = podSecurityDenial(thrown);
  if (denial === undefined) return patchFailure(thrown, pod);
  if (rightsOf(request) === 'plain') return podItselfDenied(denial, pod);
  const plain = { image: request.image };
  const ofPlain = await dryRun(cluster, pod, plain, options).then(() => undefined, podSecurityDenial);
  return ofPlain === undefined ? toolContainerDenied(denial, pod, request) : podItselfDenied(ofPlain, pod);
}

/** Asks the server what it would say to a new tool container; throws what it answers. */
export async function dryRun(
  cluster: Cluster,
  pod: Pod,
  request: ToolContainerRequest,
  options: { signal?: AbortSignal | undefined },
): Promise<void> {
  const container = toolContainerSpec(request, nextGeneration(pod, request), pod.metadata.uid);
  await patchToolContainer(cluster, pod, container, { ...options, dryRun: true });
}

/**
 * The tool container for a request: the pod's own if it has one that serves it, else a new one. Nothing is asked where
 * `pod` already shows it. Throws Failure: `unsupported` (reasons StaticPod, WindowsPod, PodNotRunning, PodSecurityDenied,
 * EphemeralContainersUnavailable), `forbidden`, `notFound`, `tool` when the pod has too many.
 */
export async function prepareToolContainer(
  cluster: Cluster,
  pod: Pod,
  request: ToolContainerRequest,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<ToolContainer> {
  assertEligible(pod);
  let current = pod;
  for (let tries = 1; ; tries += 1) {
    const found = findToolContainer(current, request);
    if (found !== undefined) return found;
    const container = toolContainerSpec(request, nextGeneration(current, request), current.metadata.uid);
    try {
      return toolContainer(await patchToolContainer(cluster, current, container, options), container, true);
    } catch (thrown) {
      if (!mayPass(thrown) || tries >= maxTries) throw await refusalOf(thrown, cluster, pod, request, options);
      const seen = current;
      current = await cluster.get<Pod>(podPath(pod), options);
      assertEligible(current);
      const unchanged = current.metadata.resourceVersion === seen.metadata.resourceVersion;
      // What is invalid in a pod that nobody changed stays invalid.
      if (unchanged && (thrown as Failure).status === 422) throw patchFailure(thrown, pod);
      await pause(tries * (50 + Math.random() * 100), options.signal);
    }
  }
}
