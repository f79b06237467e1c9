// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Destination } from '../targets/destination.js';
import type { PolicyReader } from '../policies/policy-reader.js';
import { resolveDestinations } from '../targets/destinations.js';
import type { SourcePod } from '../targets/source-pod.js';
import { resolveSources } from '../targets/sources.js';
import { controlSources } from './controls.js';
import { planTests, type Plan, type Test } from './plan.js';
import type { Measurer, RunRequest } from './run-request.js';
import type { RunObserver } from './tool.js';
import { Workplaces } from './workplaces.js';

/** What a run will do, before any pod is touched. */
export interface PlannedRun {
  plan: Plan;
  sources: SourcePod[];
  /** Pods beside the sources that positive controls may enter. */
  controls: SourcePod[];
  /** Destination pods that proofs of arrival enter. */
  proofs: SourcePod[];
}

/** A run that is ready to measure. */
export interface PreparedRun {
  startedAt: Date;
  /** The same moment by the monotonic clock, for durations: the time of day may jump. */
  startedMs: number;
  plan: Plan;
  /** Where the plan is a part of another one, all its tests: they tell which pods stand behind a Service. */
  around?: readonly Test[];
  workplaces: Workplaces;
  controls: SourcePod[];
  /** Shared by the parts of a run, so that they read policies once; without it a run reads for itself. */
  policies?: PolicyReader;
}

/** Throws Failure `usage` where a run would enter more pods than it may. */
export function refuseTooManyPods(entered: readonly SourcePod[], maxPods: number, what: string): void {
  const names = new Set(entered.map(({ namespace, name }) => `${namespace}/${name}`));
  if (names.size > maxPods) {
    throw new Failure('usage', `${names.size} pods would be ${what}, and --max-pods is ${maxPods}`, {
      hint: `allow it with --max-pods ${names.size}, or name fewer pods`,
    });
  }
}

/** What `--max-pods` bounds, by how pods are entered. */
export function howEntered({ entry }: RunRequest['tool']): string {
  return entry.by === 'probePod' ? 'created or entered' : 'entered';
}

/** Finds what words stand for and plans the tests; throws Failure when there is no test. */
async function planRun(cluster: Cluster, request: RunRequest, measurer: Measurer): Promise<PlannedRun> {
  const { signal, maxPods, families, namespace } = request;
  const [sources, resolved] = await Promise.all([
    resolveSources(cluster, request.source, {
      mode: request.mode,
      maxPods,
      fromNode: request.fromNode,
      families,
      namespace,
      signal,
    }),
    resolveDestinations(cluster, request.destinations, {
      verb: measurer.targetVerb,
      protocols: measurer.protocols,
      families: families ?? [4, 6],
      namespace,
      toSelector: request.toSelector,
      signal,
    }),
  ]);
  return planBetween(cluster, sources, resolved, request, measurer);
}

/** The tests from these sources to these destinations, and which other pods they enter; throws Failure when there is no test. */
export async function planBetween(
  cluster: Cluster,
  sources: SourcePod[],
  { destinations, notes }: { destinations: readonly Destination[]; notes: readonly string[] },
  request: RunRequest,
  measurer: Measurer,
): Promise<PlannedRun> {
  const { signal, families } = request;
  const planned = planTests(sources, destinations, { chooseFamily: families === undefined });
  const plan = { tests: planned.tests, notes: [...notes, ...planned.notes] };
  if (plan.tests.length === 0) {
    throw new Failure('notFound', ['there is nothing to test', ...plan.notes].join(': '));
  }
  const [controls, proofs] = await Promise.all([
    request.expect === 'deny' ? controlSources(cluster, plan.tests, request.control, signal) : [],
    measurer.proofPods?.(cluster, plan.tests, signal) ?? [],
  ]);
  return { plan, sources, controls, proofs };
}

/** Plans a run and announces what pods get; throws Failure when there is no test. */
export async function prepareRun(
  cluster: Cluster,
  request: RunRequest,
  measurer: Measurer,
  observer: RunObserver,
): Promise<PreparedRun> {
  const startedAt = new Date();
  const startedMs = performance.now();
  const { plan, sources, controls, proofs } = await planRun(cluster, request, measurer);
  refuseTooManyPods([...sources, ...controls, ...proofs], request.maxPods, howEntered(request.tool));
  const workplaces = new Workplaces(cluster, {
    tool: request.tool,
    capabilities: measurer.capabilities,
    proofPods: proofs,
    proofCapabilities: measurer.proofCapabilities ?? [],
    concurrency: request.concurrency,
    signal: request.signal,
    observer,
  });
  await workplaces.rehearse(sources, controls);
  return { startedAt, startedMs, plan, workplaces, controls };
}
