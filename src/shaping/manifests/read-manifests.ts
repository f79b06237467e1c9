// SPDX-License-Identifier: Apache-2.0
import { isDnsLabel } from '../../targets/names.js';
import { quote } from '../../targets/quote.js';
import { objectsOf, type ManifestText } from '../../manifests/documents.js';
import type { Fields } from '../../manifests/fields.js';
import { readNetworkChaos } from './network-chaos.js';
import { readNetworkTrafficShaper } from './network-traffic-shaper.js';
import { Problems } from '../../manifests/problems.js';
import type { ShapeTarget } from './shape-target.js';

const versions: Readonly<Record<string, string>> = {
  NetworkTrafficShaper: 'networkmachinery.io/v1alpha1',
  NetworkChaos: 'chaos-mesh.org/v1alpha1',
};
const taken = Object.entries(versions)
  .map(([kind, version]) => `${kind} (${version})`)
  .join(' and ');

export interface ShapeManifests {
  /** In the order of the files; at least one. */
  targets: ShapeTarget[];
  /** One line each, with the place it is about. */
  warnings: string[];
}

/**
 * What manifests ask to be shaped. Throws one Failure `usage` with everything that is wrong in any of them: what they ask
 * and cannot be done included, so that nothing of them is skipped.
 */
export function readShapeManifests(texts: readonly ManifestText[]): ShapeManifests {
  const problems = new Problems();
  const warnings: string[] = [];
  const documents = texts.map((text) => ({ name: text.name, objects: objectsOf(text, problems) }));
  const targets = documents.flatMap(({ objects }) => objects.flatMap((object) => readObject(object, warnings)));
  problems.throwIfAny();
  for (const { name, objects } of documents) if (objects.length === 0) problems.add(`${name}: has no manifest in it`);
  if (documents.length === 0) problems.add('no manifest was given', 'name a file with -f');
  problems.throwIfAny();
  return { targets, warnings: [...new Set(warnings)] };
}

function readObject(object: Fields, warnings: string[]): ShapeTarget[] {
  const kind = object.required('kind');
  const apiVersion = object.required('apiVersion');
  if (kind === undefined || apiVersion === undefined) return [];
  const version = Object.hasOwn(versions, kind) ? versions[kind] : undefined;
  if (version === undefined) {
    object.at('kind').wrong(`${quote(kind)} is not taken`, `taken are ${taken}`);
    return [];
  }
  if (apiVersion !== version) {
    object.at('apiVersion').wrong(`${quote(apiVersion)} of ${kind} is not taken`, `write ${version}`);
    return [];
  }
  const namespace = readMetadata(object);
  object.raw('status');
  const spec = object.child('spec');
  if (!object.has('spec')) object.at('spec').wrong('is needed');
  object.end();
  if (spec === undefined) return [];
  if (kind === 'NetworkTrafficShaper') return readNetworkTrafficShaper(spec, warnings);
  return readNetworkChaos(spec, namespace, warnings);
}

/** Of the metadata only the namespace matters, and whether Chaos Mesh would do anything at all. */
function readMetadata(object: Fields): string | undefined {
  const metadata = object.child('metadata');
  const namespace = metadata?.text('namespace');
  if (namespace !== undefined && namespace !== '' && !isDnsLabel(namespace)) {
    metadata?.at('namespace').wrong(`${quote(namespace)} can not be a namespace`);
  }
  const annotations = metadata?.raw('annotations');
  const paused = typeof annotations === 'object' && Object.entries(annotations ?? {}).find(isPause);
  if (paused) metadata?.at('annotations').wrong('the experiment is paused', `remove ${paused[0]}`);
  return namespace === '' ? undefined : namespace;
}

function isPause([key, value]: [string, unknown]): boolean {
  return key === 'experiment.chaos-mesh.org/pause' && value === 'true';
}
