// SPDX-License-Identifier: Apache-2.0
import { beforeAnnotations, beforeOf, emptyValue, isEmpty, type Before, type EmptyField } from './before.js';
import { ourContainer } from './our-container.js';
import {
  isObject,
  listItems,
  nameOf,
  objectIn,
  objectsIn,
  podSpec,
  replacedAt,
  templatePath,
  valueAt,
  type JsonObject,
} from './pod-template.js';
import { refuseInjection } from './refusals.js';
import { deployedAnnotation, proberContainerName, proberVolumeName } from '../model/prober.js';
import { beforeAnnotation, sidecarOf, type InjectionOptions, type Sidecar } from './sidecar.js';

/**
 * A copy of a Deployment, StatefulSet, DaemonSet, CronJob, Job or Pod, or of a list of them, with the prober; one of ours
 * that is there is replaced. Other objects come back as they are. Throws `usage` where it cannot be added.
 */
export function injectWorkload(object: unknown, options: InjectionOptions): unknown {
  return changed(object, (template, workload) => {
    const name = nameOf(workload);
    const clean = withoutProber(template, name);
    refuseInjection(clean, String(workload['kind']), name, options);
    return withSidecar(clean, name, sidecarOf(options), emptiesOf(clean, name, sidecarOf(options)));
  });
}

/** A copy without our prober, deep-equal to what was injected. What has none comes back as it is. */
export function uninjectWorkload(object: unknown): unknown {
  return changed(object, (template, workload) => withoutProber(template, nameOf(workload)));
}

/** Whether our prober is in the template of a workload. Throws `usage` for a template that is none. */
export function hasProber(workload: JsonObject): boolean {
  const path = templatePath(workload);
  return path !== undefined && ourContainer(valueAt(workload, path), nameOf(workload)) !== undefined;
}

function changed(object: unknown, change: (template: JsonObject, workload: JsonObject) => JsonObject): unknown {
  const items = listItems(object);
  if (items !== undefined && isObject(object)) return { ...object, items: items.map((item) => changed(item, change)) };
  const path = templatePath(object);
  if (path === undefined || !isObject(object)) return object;
  const template = valueAt(object, path);
  podSpec(template, nameOf(object));
  return isObject(template) ? replacedAt(object, path, change(template, object)) : object;
}

/** What is there and empty of what the sidecar is added to, as JSON. */
function emptiesOf(template: JsonObject, name: string, { list }: Pick<Sidecar, 'list'>): Before {
  const spec = podSpec(template, name);
  const metadata = objectIn(template, 'metadata', name);
  const candidates: [EmptyField, unknown][] = [
    ['metadata', template['metadata']],
    ['annotations', metadata['annotations']],
    ['volumes', spec['volumes']],
    ['initContainers', list === 'initContainers' ? spec['initContainers'] : undefined],
  ];
  return Object.fromEntries(
    candidates.filter(([, value]) => isEmpty(value)).map(([field, value]) => [field, JSON.stringify(value)]),
  );
}

function withSidecar(template: JsonObject, name: string, sidecar: Sidecar, before: Before): JsonObject {
  const spec = podSpec(template, name);
  const metadata = objectIn(template, 'metadata', name);
  const annotations = objectIn(metadata, 'annotations', name);
  return {
    ...template,
    metadata: { ...metadata, annotations: { ...annotations, ...sidecar.annotations, ...beforeAnnotations(before) } },
    spec: {
      ...spec,
      [sidecar.list]: [...objectsIn(spec, sidecar.list, name), sidecar.container],
      volumes: [...objectsIn(spec, 'volumes', name), sidecar.volume],
    },
  };
}

/** A template without our prober. */
export function withoutProber(template: JsonObject, name: string): JsonObject {
  const list = ourContainer(template, name);
  if (list === undefined) return template;
  const spec = podSpec(template, name);
  const metadata = objectIn(template, 'metadata', name);
  const annotations = objectIn(metadata, 'annotations', name);
  const before = beforeOf(annotations);
  const kept = Object.fromEntries(
    Object.entries(annotations).filter(([key]) => key !== deployedAnnotation && key !== beforeAnnotation),
  );
  const left = { ...spec, ...without(spec, list, proberContainerName, name) };
  return restored(
    {
      ...template,
      metadata: restored({ ...metadata, annotations: kept }, 'annotations', before),
      spec: restored(
        restored({ ...left, ...without(spec, 'volumes', proberVolumeName, name) }, list, before),
        'volumes',
        before,
      ),
    },
    'metadata',
    before,
  );
}

function without(spec: JsonObject, list: string, ours: string, name: string): JsonObject {
  return { [list]: objectsIn(spec, list, name).filter((item) => item['name'] !== ours) };
}

/** A field that is empty now is as it was before, or absent if it was. */
function restored(parent: JsonObject, field: EmptyField | 'containers', before: Before): JsonObject {
  if (!isEmpty(parent[field]) || field === 'containers') return parent;
  const source = before[field];
  if (source !== undefined) return { ...parent, [field]: emptyValue(source) };
  return Object.fromEntries(Object.entries(parent).filter(([key]) => key !== field));
}
