// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { asFailure } from '../errors/failure.js';
import { reviewAccess } from '../kube/access-review.js';
import { accessWords } from '../kube/access.js';
import type { Cluster } from '../kube/cluster.js';
import { callerName } from '../kube/identity.js';
import type { CleanupItem, CleanupOutcome, CleanupReport } from '../model/cleanup.js';
import { describeEffects } from '../shaping/describe-effects.js';
import type { PodScope } from '../targets/visit-pods.js';
import { findChecks, removeLeftCheck } from './left-checks.js';
import { endToolContainer } from './end-container.js';
import { findLeftovers, type AnnotatedPod, type Found } from './find-leftovers.js';
import { removeStaleAnnotation } from './remove-annotation.js';
import { removeProbePod } from './remove-probe-pod.js';
import { clearCommand, verdictOn } from './verdict.js';

/** Pods that are worked on at once. */
const concurrency = 16;

export interface CleanRequest extends PodScope {
  /** Also ends what is busy or others'. */
  force: boolean;
  dryRun: 'none' | 'client' | 'server';
  signal: AbortSignal;
}

interface Done {
  outcome: CleanupOutcome;
  message: string;
}

const messages = {
  ended: 'its entry stays in the pod until the pod is replaced',
  wouldEnd: 'dry run',
  removed: 'the pod is deleted',
  wouldRemove: 'dry run',
  busy: 'somebody works in it; --force ends it all the same',
  gone: 'the pod went away meanwhile',
} as const;

function done(outcome: keyof typeof messages): Done {
  return { outcome, message: messages[outcome] };
}

/** What the server says of ending it, without doing it. An exec has no dry run, so the permission is reviewed. */
async function tryOnServer(cluster: Cluster, leftover: Found, { force, signal }: CleanRequest): Promise<Done> {
  const { kind, namespace } = leftover;
  if (kind === 'ProbePod') {
    const removed = await removeProbePod(cluster, leftover, { force, signal, dryRun: true });
    return done(removed === 'removed' ? 'wouldRemove' : removed);
  }
  const exec = { verb: 'get', resource: 'pods', subresource: 'exec', namespace };
  const [answer] = await reviewAccess(cluster, [exec], { signal });
  if (answer?.allowed === true) return done('wouldEnd');
  return { outcome: 'failed', message: `not allowed to ${accessWords(exec)}` };
}

/** A tool container that holds a shape clears it before it ends. */
async function endOne(cluster: Cluster, leftover: Found, { force, signal }: CleanRequest): Promise<Done> {
  const { shape } = leftover;
  const ended = await endToolContainer(cluster, leftover, { force, signal });
  const mayLast = shape !== undefined && Date.parse(shape.endsAt) > Date.now();
  if (ended === 'left') {
    const message = `it has ended, and rules of its shape are left in the pod: ${clearCommand(leftover)}`;
    return { outcome: force ? 'failed' : 'ended', message };
  }
  if (ended === 'busy' && mayLast) {
    const message = `a shape runs in it (${describeEffects(shape.effects)}); --force clears it, and ends it then`;
    return { outcome: 'busy', message };
  }
  if (ended === 'ended' && mayLast) return { outcome: 'ended', message: `its shape is cleared; ${messages.ended}` };
  return done(ended);
}

async function cleanOne(cluster: Cluster, leftover: Found, request: CleanRequest): Promise<Done> {
  const { force, signal, dryRun } = request;
  const isPod = leftover.kind === 'ProbePod';
  if (dryRun === 'client') return done(isPod ? 'wouldRemove' : 'wouldEnd');
  if (dryRun === 'server') return tryOnServer(cluster, leftover, request);
  if (isPod) return done(await removeProbePod(cluster, leftover, { force, signal, dryRun: false }));
  return endOne(cluster, leftover, request);
}

function failed(thrown: unknown): Done {
  const failure = asFailure(thrown);
  if (failure.code === 'bug') throw failure;
  return { outcome: 'failed', message: failure.message };
}

async function removeAnnotation(
  cluster: Cluster,
  pod: AnnotatedPod,
  options: CleanRequest & { caller: string | undefined },
): Promise<CleanupItem[]> {
  try {
    const item = await removeStaleAnnotation(cluster, pod, options);
    return item === undefined ? [] : [item];
  } catch (thrown) {
    const { namespace, pod: name } = pod;
    return [{ kind: 'ShapeAnnotation', namespace, pod: name, state: 'ended', ...failed(thrown) }];
  }
}

function itemOf(leftover: Found, { outcome, message }: Done): CleanupItem {
  const { kind, namespace, pod, container, caller, reason, startedAt, state } = leftover;
  return {
    kind,
    namespace,
    pod,
    ...(container === undefined ? {} : { container }),
    ...(caller === undefined ? {} : { caller }),
    ...(reason === undefined ? {} : { reason }),
    ...(startedAt === undefined ? {} : { startedAt }),
    state,
    outcome,
    message,
  };
}

function byCallerAndPlace(first: CleanupItem, second: CleanupItem): number {
  const [left, right] = [first, second].map(({ caller = '', namespace, pod = '', container = '' }) =>
    JSON.stringify([caller, namespace, pod, container]),
  );
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

/**
 * Ends the idle tool containers and the probers that the caller had added and deletes their probe pods; with `force` also what is busy or
 * others'. Annotations of shapes that are over go as well, and everywhere the namespaces that checks have left. What fails in one pod is its item's outcome and leaves the
 * others alone. Throws Failure when the pods cannot be read. A running shape is work in its tool container, which clears it when it is ended with `force`.
 */
export async function clean(cluster: Cluster, request: CleanRequest): Promise<CleanupReport> {
  const { signal, force, dryRun } = request;
  // Namespaces of checks belong to no namespace: they are looked for where everything is.
  const isEverywhere =
    request.namespace === undefined && request.targets.length === 0 && request.selector === undefined;
  const [caller, { found, annotated }, checks] = await Promise.all([
    callerName(cluster, { signal }),
    findLeftovers(cluster, request, signal),
    isEverywhere ? findChecks(cluster, signal) : [],
  ]);
  const limit = pLimit(concurrency);
  const ended = await Promise.all(
    found.map((leftover) =>
      limit(async () => {
        const verdict = verdictOn(leftover, { caller, force });
        if (verdict !== undefined) return itemOf(leftover, verdict);
        try {
          return itemOf(leftover, await cleanOne(cluster, leftover, request));
        } catch (thrown) {
          return itemOf(leftover, failed(thrown));
        }
      }),
    ),
  );
  // After the containers: what held a shape may have just ended.
  const removed = await Promise.all(
    annotated.map((pod) => limit(() => removeAnnotation(cluster, pod, { ...request, caller }))),
  );
  const cleaned = await Promise.all(
    checks.map((namespace) => limit(() => removeLeftCheck(cluster, namespace, { ...request, caller }))),
  );
  const items = [...ended, ...removed.flat(), ...cleaned];
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'CleanupReport',
    dryRun,
    ...(caller === undefined ? {} : { caller }),
    items: items.sort(byCallerAndPlace),
  };
}
