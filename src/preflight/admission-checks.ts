// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { KubeObject, Pod } from '../kube/objects.js';
import { assertEligible, podLabel } from '../kube/pod-eligibility.js';
import { podSecurityOf } from '../kube/pod-security-level.js';
import { denialOf } from '../kube/denial.js';
import { dryRun, refusalOf } from '../kube/tool-container.js';
import type { ToolContainerRequest } from '../kube/tool-container-spec.js';
import type { Check } from '../model/preflight.js';
import type { PermissionVerb } from '../permissions/needs.js';

const plainVerbs = 'ping and connect';
const rawVerbs = 'ping --raw and --udp-proof capture';
const shapeVerb = 'shape';

/** A level that refuses what a command cannot do without fails it; for tests what is refused is only some of their flags. */
function refusal(level: string, commands: readonly PermissionVerb[]): Check {
  const check = 'PodSecurity level';
  const tests = commands.some((command) => command !== 'shape');
  const shapes = commands.includes('shape');
  const allowed = tests ? [`allows ${plainVerbs}`] : [];
  const refused = [...(tests ? [`${rawVerbs} (NET_RAW)`] : []), ...(shapes ? [`${shapeVerb} (NET_ADMIN)`] : [])];
  const detail = `${level} ${[...allowed, `refuses ${refused.join(' and ')}`].join('; it ')}`;
  if (!shapes) return { check, status: 'ok', detail };
  const action = 'shaping needs a namespace whose level is privileged (pod-security.kubernetes.io/enforce)';
  return { check, status: 'warning', detail, action };
}

/** What the namespace's labels say about tool containers. `namespace` undefined: it may not be read. */
export function podSecurityCheck(namespace: KubeObject | undefined, commands: readonly PermissionVerb[]): Check {
  const check = 'PodSecurity level';
  if (namespace === undefined) {
    return {
      check,
      status: 'unknown',
      detail: 'the labels of the namespace may not be read',
      action: 'see the rehearsals',
    };
  }
  const { enforce, version } = podSecurityOf(namespace);
  if (enforce === undefined) {
    const detail = "no label: the cluster's own default counts, which is privileged unless configured otherwise";
    return { check, status: 'ok', detail };
  }
  const level = `${enforce}:${version}`;
  if (enforce !== 'privileged') return refusal(level, commands);
  const shapes = commands.includes('shape') ? `, ${shapeVerb}` : '';
  return { check, status: 'ok', detail: `${level} allows ${plainVerbs}, ${rawVerbs}${shapes}` };
}

/** A pod that a tool container could be added to; undefined where there is none on the first page. */
export async function findEligiblePod(cluster: Cluster, signal: AbortSignal): Promise<Pod | undefined> {
  const fieldSelector = 'status.phase=Running';
  const pages = cluster.list<Pod>(`/api/v1/namespaces/${cluster.namespace}/pods`, {
    fieldSelector,
    limit: 100,
    signal,
  });
  for await (const page of pages) {
    return page.find((pod) => {
      try {
        assertEligible(pod);
        return pod.spec.hostNetwork !== true;
      } catch {
        return false;
      }
    });
  }
  return undefined;
}

/**
 * Lets the server rehearse (dry run) adding a tool container to a pod: PodSecurity, webhooks, quotas and permissions speak.
 * `optional`: what is refused is a warning only.
 */
export async function rehearsalCheck(
  cluster: Cluster,
  pod: Pod | undefined,
  request: ToolContainerRequest,
  { what, optional, signal }: { what: string; optional: boolean; signal: AbortSignal },
): Promise<Check> {
  const check = `rehearsal of ${what}`;
  if (pod === undefined) {
    return { check, status: 'unknown', detail: 'no running pod of the namespace to try it in can be seen' };
  }
  const where = `in pod ${podLabel(pod)}`;
  try {
    await dryRun(cluster, pod, request, { signal });
    return { check, status: 'ok', detail: `the server would accept it ${where} (dry run)` };
  } catch (thrown) {
    return refusedRehearsal(check, asFailure(await refusalOf(thrown, cluster, pod, request, { signal })), optional);
  }
}

function refusedRehearsal(check: string, failure: Failure, optional: boolean): Check {
  const { code, message, hint } = failure;
  if (code === 'bug' || code === 'interrupted') throw failure;
  const action = hint === undefined ? {} : { action: hint };
  // Which permission is missing stands in a check of its own; a policy that refuses is no such thing.
  if (denialOf(failure) !== undefined) return { check, status: 'unknown', detail: message, ...action };
  if (optional) return { check, status: 'warning', detail: message, ...action };
  const cause = code === 'unsupported' ? 'unsupported' : 'cluster';
  return { check, status: 'failed', cause, detail: message, ...action };
}
