// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { agentNamespace, controllerName, peerListRole } from '../../model/prober.js';
import type { ListState } from './namespace-lane.js';

/** `status` of a NetworkProber. */
export interface ProberStatus {
  /** `NAMESPACE/NAME` of the pods with the prober's container, sorted; at most 1000. */
  pods: string[];
  podCount?: number;
  /** Those that are in the peer lists. */
  listedCount?: number;
  /** When one of the above changed; RFC 3339. */
  lastChange?: string;
  observedGeneration?: number;
  conditions?: Condition[];
}

interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  observedGeneration?: number;
  lastTransitionTime: string;
  reason: string;
  message: string;
}

export interface StatusFacts {
  generation: number | undefined;
  /** What is wrong with the spec. */
  faults: readonly string[];
  /** The image that it asks for and may not have. */
  refusedImage: string | undefined;
  /** `NAMESPACE/NAME`, in any order. */
  pods: readonly string[];
  listedCount: number;
  /** The peer lists, undefined for one that was not tried yet. */
  lists: readonly { namespace: string; name: string; state: ListState | undefined }[];
}

const mostPods = 1000;
type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

/** The status that these facts make, times kept where nothing else changes; the very status before where nothing does. */
export function nextStatus(before: ProberStatus | undefined, facts: StatusFacts, now: Date): ProberStatus {
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z');
  const verdicts = verdictsOf(facts);
  const conditions = Object.entries(verdicts).map(([type, verdict]) => {
    const old = before?.conditions?.find((condition) => condition.type === type);
    const lastTransitionTime = old?.status === verdict.status ? old.lastTransitionTime : time;
    const generation = facts.generation === undefined ? {} : { observedGeneration: facts.generation };
    return { type, ...verdict, lastTransitionTime, ...generation };
  });
  const pods = [...facts.pods].sort().slice(0, mostPods);
  const counted = { pods, podCount: facts.pods.length, listedCount: facts.listedCount };
  const { lastChange, podCount, listedCount } = before ?? {};
  const isSame = isDeepStrictEqual(counted, { pods: before?.pods, podCount, listedCount });
  const next: ProberStatus = {
    ...counted,
    lastChange: isSame ? (lastChange ?? time) : time,
    ...(facts.generation === undefined ? {} : { observedGeneration: facts.generation }),
    conditions,
  };
  return before !== undefined && isDeepStrictEqual(next, before) ? before : next;
}

function verdictsOf(facts: StatusFacts): Record<string, Verdict> {
  const image = imageVerdict(facts);
  const lists = listsVerdict(facts);
  return { Ready: readyVerdict(facts, image, lists), ImageAllowed: image, PeerListsWritten: lists };
}

function readyVerdict(facts: StatusFacts, image: Verdict, lists: Verdict): Verdict {
  if (facts.faults.length > 0) return { status: 'False', reason: 'InvalidSpec', message: facts.faults.join('; ') };
  const trouble = [image, lists].find(({ status }) => status !== 'True');
  if (trouble !== undefined) return trouble;
  if (facts.pods.length === 0) {
    const message = 'no pod has the prober yet; pods that were there before get it when they are made anew';
    return { status: 'True', reason: 'NoPods', message };
  }
  return { status: 'True', reason: 'Probing', message: `${facts.listedCount} of ${facts.pods.length} pods are listed` };
}

function imageVerdict({ refusedImage }: StatusFacts): Verdict {
  if (refusedImage === undefined) {
    return { status: 'True', reason: 'Allowed', message: 'new pods get an image that the controller allows' };
  }
  const where = `NETMACHINERY_ALLOWED_IMAGES of deployment ${agentNamespace}/${controllerName}`;
  const message = `no pod gets ${refusedImage}: it is not among ${where}`;
  return { status: 'False', reason: 'ImageNotAllowed', message };
}

/** In words of our own: those of the API server name the user, who differs from replica to replica. */
function listsVerdict({ lists }: StatusFacts): Verdict {
  for (const { namespace, name, state } of lists) {
    if (state === undefined) continue;
    if ('failure' in state) {
      // Somebody else was faster; the next try is under way.
      if (state.failure.status === 409) continue;
      if (state.failure.code !== 'forbidden') {
        return {
          status: 'False',
          reason: 'WriteFailed',
          message: `ConfigMap ${namespace}/${name}: ${state.failure.message}`,
        };
      }
      const message = `the controller may not write ConfigMaps in namespace ${namespace}: RoleBinding ${peerListRole} is missing`;
      return { status: 'False', reason: 'Forbidden', message };
    }
    if (state.outcome === 'Static' || state.outcome === 'NotOurs') {
      const why = state.outcome === 'Static' ? 'is labelled static' : 'is not of this controller';
      return {
        status: 'False',
        reason: state.outcome,
        message: `ConfigMap ${namespace}/${name} ${why}: it is left alone`,
      };
    }
  }
  if (lists.some(({ state }) => state === undefined)) {
    return { status: 'Unknown', reason: 'Pending', message: 'not all peer lists are written yet' };
  }
  return { status: 'True', reason: 'Written', message: `peer lists are kept in ${lists.length} namespaces` };
}
