// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { withoutProber } from './inject.js';
import { isObject, nameOf, templatePath, valueAt, type JsonObject } from './pod-template.js';
import { refuseInjection } from './refusals.js';
import { sidecarOf, type InjectionOptions } from './sidecar.js';
import { whyNotLive } from './why-not-live.js';

/**
 * What server-side apply of our field manager gets (application/apply-patch+yaml; JSON is YAML): our fields and nothing
 * else. The API server merges by the list map keys of its schema: containers, initContainers, volumes and env by `name`,
 * ports by `containerPort` and `protocol`, volumeMounts by `mountPath`; annotations are a map. Whatever is of others stays.
 * A second one with other options replaces ours: what it no longer says, the other list with `native` among it, is removed.
 * Throws `usage` where the prober cannot be added to this workload, as it is in the cluster.
 */
export function appliedInjection(live: unknown, options: InjectionOptions): JsonObject {
  const { path, identity, template, kind, name } = applicable(live);
  refuseInjection(withoutProber(template, name), kind, name, options);
  const { list, container, volume, annotations } = sidecarOf(options);
  const ours = { metadata: { annotations }, spec: { [list]: [container], volumes: [volume] } };
  return { ...identity, ...path.reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), ours) };
}

/**
 * What takes our fields away again: applied by the same field manager, it owns nothing any more, so the API server removes
 * what no other manager owns. What came by a pipe and `kubectl apply` belongs to kubectl and stays: see `uninjectWorkload`.
 */
export function appliedRemoval(live: unknown): JsonObject {
  return applicable(live).identity;
}

function applicable(live: unknown) {
  const name = nameOf(live);
  const path = templatePath(live);
  if (path === undefined || !isObject(live)) throw new Failure('usage', `${name} has no pod template`);
  const why = whyNotLive(live);
  if (why !== undefined) throw new Failure('usage', `${name}: ${why}`);
  const template = valueAt(live, path);
  const { kind, apiVersion } = live;
  const metadata = isObject(live['metadata']) ? live['metadata'] : {};
  if (typeof metadata['name'] !== 'string') throw new Failure('usage', `${name} cannot be applied`);
  const namespace = typeof metadata['namespace'] === 'string' ? { namespace: metadata['namespace'] } : {};
  const identity: JsonObject = { apiVersion, kind, metadata: { name: metadata['name'], ...namespace } };
  return { name, path, kind: String(kind), identity, template: isObject(template) ? template : {} };
}
