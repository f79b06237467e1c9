// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { ScopeWords, ShapeReason } from '../model/shaping.js';
import { parseEffects } from '../shaping/parse-effects.js';
import { scopeResolver } from '../shaping/resolve-peers.js';
import { shape } from '../shaping/shape.js';
import type { ShapeTask } from '../shaping/shape-request.js';
import type { RunObserver } from '../runs/tool.js';
import type { Lookup } from '../targets/lookup.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { SuiteRunOptions } from './suite-run-options.js';
import { sourcesOf } from './resolve-test.js';
import type { SuiteShape } from './suite.js';

/** A shape outlives its tests only where they take this long, or we are killed. */
const lastingMs = 10 * 60_000;

/**
 * The pods that a shape is for, without a source of its own those that the test sends from, and its peers. Throws Failure
 * `notFound` or `usage` for names and words that are wrong.
 */
export async function shapeTasks(
  lookup: Lookup,
  { source, mode, effects, direction, peers }: SuiteShape,
  test: { namespace?: string | undefined; sources: readonly SourcePod[] },
): Promise<ShapeTask[]> {
  const { cluster, signal = new AbortController().signal } = lookup;
  const { namespace, sources: own } = test;
  const scope: ScopeWords = { peers, exclude: [], ports: [], sourcePorts: [], destinationPorts: [] };
  const resolve = scopeResolver(scope);
  const [sources, found] = await Promise.all([
    source === undefined
      ? own
      : sourcesOf(lookup, [source], { mode, ...(namespace === undefined ? {} : { namespace }) }),
    resolve(cluster, signal),
  ]);
  const parsed = parseEffects(effects);
  return sources.map((pod) => ({
    source: pod,
    effects: parsed.effects,
    direction,
    scope,
    peers: found,
    peersNow: (now) => resolve(cluster, now),
    durationMs: lastingMs,
  }));
}

/** What leaves the shape in place, or is no trouble of it. */
const harmless: ReadonlySet<ShapeReason> = new Set(['NotCleared', 'Interrupted', 'EffectNotMeasured', 'Verified']);

/**
 * Does something while a shape lasts, which is cleared afterwards whatever happens. Throws Failure where the pods could not
 * be shaped, or not as was asked, or not for as long: what was measured then says nothing.
 */
export async function whileShaped<T>(
  cluster: Cluster,
  tasks: readonly ShapeTask[],
  { tool, signal }: Pick<SuiteRunOptions, 'tool' | 'signal'>,
  observer: RunObserver,
  act: () => Promise<T>,
): Promise<T> {
  let outcome = undefined as { value: T } | undefined;
  const request = {
    tasks,
    tool,
    replace: false,
    force: false,
    keepGoing: false,
    allowHostNetwork: false,
    detach: false,
    follow: false,
    verify: true,
    dryRun: 'none' as const,
    warnings: [],
    signal,
  };
  const report = await shape(cluster, request, observer, async () => {
    outcome = { value: await act() };
  }).catch((thrown: unknown) => {
    // Whoever ends the run by its time gets what was measured until then; the shape has been cleared.
    if (outcome !== undefined && signal.aborted) return undefined;
    throw asFailure(thrown);
  });
  const trouble = (report?.results ?? []).filter(({ reason }) => !harmless.has(reason));
  const [first] = trouble;
  if (outcome !== undefined && (first === undefined || signal.aborted)) return outcome.value;
  const message = `not measured under the shape: ${first?.message ?? 'it ended at once'}`;
  const isImpossible = first?.verdict === 'unsupported';
  throw new Failure(isImpossible ? 'unsupported' : 'tool', message, {
    hint: first?.hint,
    reason: isImpossible ? 'NotSupported' : 'NotShaped',
  });
}
