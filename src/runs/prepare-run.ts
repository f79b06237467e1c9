// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { resolveDestinations } from '../targets/destinations.js';
import type { SourcePod } from '../targets/source-pod.js';
import { resolveSources } from '../targets/sources.js';
import { controlSources } from './controls.js';
import { planTests, type Plan } from './plan.js';
import type { Measurer, RunRequest } from './run-request.js';
import type { RunObserver } from './tool.js';
import { Workplaces } from './workplaces.js';

/** A run that is ready to measure. */
export interface PreparedRun {
  startedAt: Date;
  plan: Plan;
  workplaces: Workplaces;
  controls: SourcePod[];
}

function refuseTooManyPods(entered: readonly SourcePod[], maxPods: number): void {
  const names = new Set(entered.map(({ namespace, name }) => `${namespace}/${name}`));
  if (names.size > maxPods) {
    throw new Failure('usage', `${names.size} pods would be entered, and --max-pods is ${maxPods}`, {
      hint: `allow it with --max-pods ${names.size}, or name fewer pods`,
    });
  }
}

/** Finds sources and destinations, plans the tests and announces what pods get; throws Failure when there is no test. */
export async function prepareRun(
  cluster: Cluster,
  request: RunRequest,
  measurer: Measurer,
  observer: RunObserver,
): Promise<PreparedRun> {
  const startedAt = new Date();
  const { signal, maxPods, families } = request;
  const [sources, resolved] = await Promise.all([
    resolveSources(cluster, request.source, {
      mode: request.mode,
      maxPods,
      fromNode: request.fromNode,
      families,
      signal,
    }),
    resolveDestinations(cluster, request.destinations, {
      verb: measurer.verb,
      protocols: measurer.protocols,
      families: families ?? [4, 6],
      toSelector: request.toSelector,
      signal,
    }),
  ]);
  const planned = planTests(sources, resolved.destinations, { chooseFamily: families === undefined });
  const plan = { tests: planned.tests, notes: [...resolved.notes, ...planned.notes] };
  if (plan.tests.length === 0) {
    throw new Failure('notFound', ['there is nothing to test', ...plan.notes].join(': '));
  }
  const [controls, proofs] = await Promise.all([
    request.expect === 'deny' ? controlSources(cluster, plan.tests, request.control, signal) : [],
    measurer.proofPods?.(cluster, plan.tests, signal) ?? [],
  ]);
  refuseTooManyPods([...sources, ...controls, ...proofs], maxPods);
  const workplaces = new Workplaces(cluster, {
    tool: request.tool,
    capabilities: measurer.capabilities,
    proofPods: proofs,
    proofCapabilities: measurer.proofCapabilities ?? [],
    concurrency: request.concurrency,
    signal,
    observer,
  });
  await workplaces.rehearse(sources, controls);
  return { startedAt, plan, workplaces, controls };
}
