// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject } from '../pod-template.js';
import type { LiveWorkload } from './workload.js';

/** How far a roll-out is, in a line as `kubectl rollout status` has it. */
export interface RolloutStatus {
  /** `never`: nothing will happen by itself; `text` says what to do. */
  state: 'waiting' | 'done' | 'failed' | 'never';
  text: string;
}

const waiting = (text: string): RolloutStatus => ({ state: 'waiting', text });
const done: RolloutStatus = { state: 'done', text: 'rolled out' };

/** What the status of a workload says of its roll-out (k8s.io/kubectl, polymorphichelpers/rollout_status.go). */
export function rolloutStatus({ kind, name, object }: LiveWorkload): RolloutStatus {
  const spec = objectOf(object['spec']);
  const status = objectOf(object['status']);
  const generation = number(objectOf(object['metadata']), 'generation', 0);
  if (kind === 'cronjob') return { state: 'never', text: 'its next job is the first with the change' };
  if (kind === 'pod') return done;
  if (kind === 'deployment' && spec['paused'] === true) {
    return { state: 'never', text: `it is paused: kubectl rollout resume deployment/${name}` };
  }
  const strategy = objectOf(spec['updateStrategy']);
  if (kind !== 'deployment' && strategy['type'] === 'OnDelete') {
    return { state: 'never', text: 'its pods are replaced when somebody deletes them (OnDelete)' };
  }
  if (number(status, 'observedGeneration', 0) < generation) return waiting('its change to be observed');
  if (kind === 'deployment') return deployment(spec, status);
  return kind === 'daemonset' ? daemonSet(status) : statefulSet(spec, status, strategy);
}

function deployment(spec: JsonObject, status: JsonObject): RolloutStatus {
  const conditions = Array.isArray(status['conditions']) ? status['conditions'].filter(isObject) : [];
  const progressing = conditions.find(({ type }) => type === 'Progressing');
  if (progressing?.['reason'] === 'ProgressDeadlineExceeded') {
    return { state: 'failed', text: `it exceeded its progress deadline: ${String(progressing['message'])}` };
  }
  // Such as PodSecurity, a quota or a webhook.
  const denied = conditions.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True');
  if (denied !== undefined) return { state: 'failed', text: String(denied['message']) };
  const wanted = number(spec, 'replicas', 1);
  const updated = number(status, 'updatedReplicas', 0);
  const all = number(status, 'replicas', 0);
  const available = number(status, 'availableReplicas', 0);
  if (updated < wanted) return waiting(`${updated} out of ${wanted} new replicas have been updated`);
  if (all > updated) return waiting(`${all - updated} old replicas are pending termination`);
  if (available < updated) return waiting(`${available} of ${updated} updated replicas are available`);
  return done;
}

function daemonSet(status: JsonObject): RolloutStatus {
  const wanted = number(status, 'desiredNumberScheduled', 0);
  const updated = number(status, 'updatedNumberScheduled', 0);
  const available = number(status, 'numberAvailable', 0);
  if (updated < wanted) return waiting(`${updated} out of ${wanted} new pods have been updated`);
  if (available < wanted) return waiting(`${available} of ${wanted} updated pods are available`);
  return done;
}

function statefulSet(spec: JsonObject, status: JsonObject, strategy: JsonObject): RolloutStatus {
  const wanted = number(spec, 'replicas', 1);
  const partition = number(objectOf(strategy['rollingUpdate']), 'partition', 0);
  const updated = number(status, 'updatedReplicas', 0);
  const ready = number(status, 'readyReplicas', 0);
  if (ready < wanted) return waiting(`${ready} of ${wanted} pods are ready`);
  if (partition > 0) {
    const share = Math.max(0, wanted - partition);
    return updated < share ? waiting(`${updated} out of ${share} new pods have been updated`) : done;
  }
  if (status['updateRevision'] !== status['currentRevision'])
    return waiting(`${updated} of ${wanted} pods are updated`);
  return done;
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function number(object: JsonObject, key: string, absent: number): number {
  const value = object[key];
  return typeof value === 'number' ? value : absent;
}
