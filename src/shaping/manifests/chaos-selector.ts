// SPDX-License-Identifier: Apache-2.0
import { formatSelector } from '../../targets/label-selectors.js';
import { isDnsLabel, isDnsSubdomain } from '../../targets/names.js';
import { quote } from '../../targets/quote.js';
import { Fields } from '../../manifests/fields.js';
import { isLabelKey, readExpressions, readLabels } from '../../manifests/pod-labels.js';
import type { PodMode, PodSelection } from './shape-target.js';

/** What Chaos Mesh does not look at where pods are named. */
const besidesPods = [
  'labelSelectors',
  'expressionSelectors',
  'fieldSelectors',
  'annotationSelectors',
  'podPhaseSelectors',
  'nodes',
  'nodeSelectors',
];
const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'];

/**
 * `selector` of a Chaos Mesh experiment (PodSelectorSpec): everything in it limits, pods that are named are exactly those.
 * Without namespaces it is that of the experiment.
 */
export function readChaosSelector(fields: Fields, ownNamespace: string | undefined): PodSelection {
  const namespaces = readNames(fields, 'namespaces', 'a namespace', isDnsLabel);
  const pods = readPods(fields);
  const limits = readLimits(fields);
  fields.end();
  const inNamespaces = namespaces.length > 0 || ownNamespace === undefined ? namespaces : [ownNamespace];
  if (pods.length === 0) return { text: describe(inNamespaces, limits), namespaces: inNamespaces, ...limits };
  for (const name of besidesPods) refuseBesidePods(fields, name);
  const text = pods.map(({ namespace, name }) => `${namespace}/pod/${name}`).join(', ');
  return { text, namespaces: [...new Set(pods.map(({ namespace }) => namespace))], pods };
}

function refuseBesidePods(fields: Fields, name: string): void {
  const value = fields.raw(name);
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return;
  fields.at(name).wrong('Chaos Mesh ignores it beside pods', 'leave it out, or leave pods out');
}

/** A list of names, with those noted that can not be the name of `what`. */
function readNames(fields: Fields, field: string, what: string, isName: (name: string) => boolean): string[] {
  const names = fields.texts(field) ?? [];
  const place = fields.at(field);
  names.forEach((name, index) => {
    if (!isName(name)) place.at(index).wrong(`${quote(name)} can not be the name of ${what}`);
  });
  return names;
}

function readPods(fields: Fields): { namespace: string; name: string }[] {
  const byNamespace = fields.child('pods');
  if (byNamespace === undefined) return [];
  return byNamespace.names().flatMap((namespace) => {
    if (!isDnsLabel(namespace)) byNamespace.at(namespace).wrong(`${quote(namespace)} can not be a namespace`);
    return readNames(byNamespace, namespace, 'a pod', isDnsSubdomain).map((name) => ({ namespace, name }));
  });
}

type Limits = Pick<
  PodSelection,
  'labelSelector' | 'fieldSelector' | 'annotations' | 'phases' | 'nodes' | 'nodeSelector'
>;

function readLimits(fields: Fields): Limits {
  const matchLabels = readLabels(fields, 'labelSelectors') ?? {};
  const matchExpressions = readExpressions(fields, 'expressionSelectors') ?? [];
  const labelSelector = formatSelector({ matchLabels, matchExpressions });
  const nodeSelector = formatSelector({ matchLabels: readLabels(fields, 'nodeSelectors') ?? {} });
  const fieldPairs = fields.textMap('fieldSelectors') ?? [];
  const annotations = fields.textMap('annotationSelectors') ?? [];
  for (const [key] of annotations) {
    if (!isLabelKey(key)) fields.at('annotationSelectors').wrong(`${quote(key)} can not be the key of an annotation`);
  }
  const phasesMeant = `a phase: there are ${phases.join(', ')}`;
  const wanted = readNames(fields, 'podPhaseSelectors', phasesMeant, (name) => phases.includes(name));
  const nodes = readNames(fields, 'nodes', 'a node', isDnsSubdomain);
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldPairs.length === 0 ? {} : { fieldSelector: fieldPairs.map(fieldTerm).join(',') }),
    ...(annotations.length === 0 ? {} : { annotations }),
    ...(wanted.length === 0 ? {} : { phases: wanted }),
    ...(nodes.length === 0 ? {} : { nodes }),
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
  };
}

/** k8s.io/apimachinery fields.EscapeValue. */
function fieldTerm([key, value]: [string, string]): string {
  return [key, value].map((word) => word.replace(/[\\,=]/g, (character) => `\\${character}`)).join('=');
}

function describe(namespaces: readonly string[], limits: Limits): string {
  const terms = [
    limits.labelSelector,
    limits.fieldSelector,
    ...(limits.annotations ?? []).map(([key, value]) => `annotation ${key}=${value}`),
    limits.phases?.join(' or '),
    limits.nodes && `on ${limits.nodes.join(' or ')}`,
    limits.nodeSelector && `on nodes with ${limits.nodeSelector}`,
  ].filter((term) => term !== undefined);
  const where = namespaces.length === 0 ? 'pods' : `pods of ${namespaces.join(', ')}`;
  return terms.length === 0 ? `all ${where}` : `${where} with ${terms.join(', ')}`;
}

const modes = ['one', 'all', 'fixed', 'fixed-percent', 'random-max-percent'];

/** `mode` and `value` of a Chaos Mesh experiment or its target. */
export function readChaosMode(fields: Fields): PodMode | undefined {
  const mode = fields.required('mode');
  const value = fields.text('value') ?? '';
  if (mode === undefined) return undefined;
  if (!modes.includes(mode)) {
    fields.at('mode').wrong(`unknown mode ${quote(mode)}`, `there are ${modes.join(', ')}`);
    return undefined;
  }
  // Chaos Mesh reads no value with these two, and its dashboard writes an empty one.
  if (mode === 'one') return { take: 'count', count: 1 };
  if (mode === 'all') return { take: 'all' };
  const number = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (number < 1 || (mode !== 'fixed' && number > 100)) {
    const wanted = mode === 'fixed' ? 'a number of pods, at least 1' : 'a percentage from 1 to 100';
    fields.at('value').wrong(`mode ${mode} needs ${wanted}, as a text`);
    return undefined;
  }
  if (mode === 'fixed') return { take: 'count', count: number };
  return { take: mode === 'fixed-percent' ? 'percent' : 'upToPercent', percent: number };
}
