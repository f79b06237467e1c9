// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Where the template of each kind is; a pod is its own. Kinds of other groups have the same names (Volcano's Job). */
const templatePaths: Readonly<Record<string, { group: string; path: readonly string[] }>> = {
  Deployment: { group: 'apps', path: ['spec', 'template'] },
  StatefulSet: { group: 'apps', path: ['spec', 'template'] },
  DaemonSet: { group: 'apps', path: ['spec', 'template'] },
  CronJob: { group: 'batch', path: ['spec', 'jobTemplate', 'spec', 'template'] },
  Job: { group: 'batch', path: ['spec', 'template'] },
  Pod: { group: '', path: [] },
};

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The path of the pod template, from the outside; undefined for what is none of our kinds. */
export function templatePath(object: unknown): readonly string[] | undefined {
  if (!isObject(object) || typeof object['kind'] !== 'string' || typeof object['apiVersion'] !== 'string') {
    return undefined;
  }
  const { kind, apiVersion } = object;
  const known = Object.hasOwn(templatePaths, kind) ? templatePaths[kind] : undefined;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return known?.group === group ? known.path : undefined;
}

/** The items of a list (`kind: List`, `DeploymentList`); undefined for what is none. */
export function listItems(object: unknown): readonly unknown[] | undefined {
  if (!isObject(object) || typeof object['kind'] !== 'string' || !object['kind'].endsWith('List')) return undefined;
  return Array.isArray(object['items']) ? object['items'] : undefined;
}

/** `deployment/web`, for messages. */
export function nameOf(object: unknown): string {
  const { kind, metadata } = isObject(object) ? object : {};
  const { name, generateName } = isObject(metadata) ? metadata : {};
  const what = typeof kind === 'string' ? kind.toLowerCase() : 'object';
  const known = [name, generateName].find((word) => typeof word === 'string');
  return known === undefined ? `a ${what} without a name` : `${what}/${known}`;
}

/** The value at a path of objects; undefined where there is none. */
export function valueAt(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    object,
  );
}

/** A copy with another value at a path whose objects are there. */
export function replacedAt(object: JsonObject, path: readonly string[], value: JsonObject): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const child = object[key];
  return isObject(child) ? { ...object, [key]: replacedAt(child, rest, value) } : object;
}

/** The spec of a template. Throws `usage` where there is none. */
export function podSpec(template: unknown, name: string): JsonObject {
  const spec = isObject(template) ? template['spec'] : undefined;
  if (!isObject(spec)) throw new Failure('usage', `${name} has no pod spec`);
  return spec;
}

/** The objects of a list that may be absent or null. Throws `usage` for anything else. */
export function objectsIn(parent: JsonObject, key: string, name: string): JsonObject[] {
  const list = parent[key] ?? [];
  if (Array.isArray(list) && list.every(isObject)) return list;
  throw new Failure('usage', `${name}: ${key} must be a list of objects`);
}

/** An object that may be absent or null. Throws `usage` for anything else. */
export function objectIn(parent: JsonObject, key: string, name: string): JsonObject {
  const value = parent[key] ?? {};
  if (isObject(value)) return value;
  throw new Failure('usage', `${name}: ${key} must be an object`);
}
