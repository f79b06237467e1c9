// SPDX-License-Identifier: Apache-2.0
import type { LabelSelector } from '../../kube/objects.js';
import type { Effects } from '../../model/shaping.js';
import { nearestNames } from '../../targets/edit-distance.js';
import { formatSelector } from '../../targets/label-selectors.js';
import { isDnsLabel, isDnsSubdomain } from '../../targets/names.js';
import { quote } from '../../targets/quote.js';
import { Fields } from '../../manifests/fields.js';
import { interfaceName } from './interface-name.js';
import { netemTypes, parseNetemValue } from './netem-value.js';
import { readExpressions, readLabels } from '../../manifests/pod-labels.js';
import type { PodSelection, ShapeTarget } from './shape-target.js';
import { targetEffects } from './target-effects.js';

/** Egress of everything: the resource knows nothing else. */
const everythingOut = {
  direction: 'egress',
  scope: { peers: [], exclude: [], ports: [], sourcePorts: [], destinationPorts: [] },
} as const;

/** The targets of `spec` of a NetworkTrafficShaper (networkmachinery.io/v1alpha1), each for every pod that it selects. */
export function readNetworkTrafficShaper(spec: Fields, warnings: string[]): ShapeTarget[] {
  const targets = spec.list('targets') ?? [];
  spec.end();
  if (targets.length === 0) spec.at('targets').wrong('at least one target is needed');
  return targets.flatMap(({ value, place }) => {
    const fields = Fields.of(value, place);
    return fields === undefined ? [] : readTarget(fields, warnings);
  });
}

function readTarget(fields: Fields, warnings: string[]): ShapeTarget[] {
  const source = readSource(fields);
  const configuration = fields.child('configuration');
  if (!fields.has('configuration')) fields.at('configuration').wrong('is needed');
  if (fields.text('container') !== undefined) {
    warnings.push(
      `${fields.at('container').toString()}: ignored, the network is the whole pod's; nothing has ever read it`,
    );
  }
  fields.end();
  const rule = configuration && readConfiguration(configuration, warnings);
  if (source === undefined || rule === undefined) return [];
  const { effects, ...rest } = rule;
  return [
    { where: fields.place.toString(), source, mode: { take: 'all' }, rule: { ...everythingOut, effects }, ...rest },
  ];
}

function readSource(fields: Fields): PodSelection | undefined {
  const namespace = fields.required('namespace');
  if (namespace !== undefined && !isDnsLabel(namespace)) {
    fields.at('namespace').wrong(`${quote(namespace)} can not be a namespace`);
  }
  const kind = fields.required('kind');
  if (kind !== undefined && kind !== 'pod' && kind !== 'selector') {
    fields.at('kind').wrong(`unknown kind ${quote(kind)}`, 'there are pod and selector');
  }
  if (kind !== 'selector') return readPod(fields, namespace);
  fields.refuse('name', 'a target of kind selector has no name', 'leave it out, or write kind: pod');
  const selector = fields.child('targetSelector');
  if (!fields.has('targetSelector')) fields.at('targetSelector').wrong('is needed with kind: selector');
  const labels = selector && readTargetSelector(selector);
  if (labels === undefined || namespace === undefined) return undefined;
  const labelSelector = formatSelector(labels);
  const text = labelSelector === undefined ? `all pods of ${namespace}` : `pods of ${namespace} with ${labelSelector}`;
  return { text, namespaces: [namespace], ...(labelSelector === undefined ? {} : { labelSelector }) };
}

function readPod(fields: Fields, namespace: string | undefined): PodSelection | undefined {
  if (fields.has('targetSelector')) {
    fields.at('targetSelector').wrong('a target of kind pod has no selector', 'leave it out, or write kind: selector');
  }
  const name = fields.required('name');
  if (name === undefined || namespace === undefined) return undefined;
  if (!isDnsSubdomain(name)) fields.at('name').wrong(`${quote(name)} can not be the name of a pod`);
  return { text: `${namespace}/pod/${name}`, namespaces: [namespace], pods: [{ namespace, name }] };
}

function readTargetSelector(fields: Fields): LabelSelector {
  const matchLabels = readLabels(fields, 'matchLabels');
  const matchExpressions = readExpressions(fields, 'matchExpressions');
  fields.end();
  return { ...(matchLabels && { matchLabels }), ...(matchExpressions && { matchExpressions }) };
}

function readConfiguration(fields: Fields, warnings: string[]): { effects: Effects; interface?: string } | undefined {
  const type = fields.required('type');
  const value = fields.required('value');
  const device = interfaceName(fields, 'device');
  if (!fields.has('device')) fields.at('device').wrong('is needed', 'that of most pods is eth0');
  fields.end();
  if (type === undefined || value === undefined) return undefined;
  if (!netemTypes.includes(type)) {
    const [nearest] = nearestNames(type, netemTypes, 1);
    const known = `there are ${netemTypes.join(', ')}`;
    fields.at('type').wrong(`unknown type ${quote(type)}`, nearest === undefined ? known : `did you mean ${nearest}?`);
    return undefined;
  }
  const place = fields.at('value');
  const parsed = place.attempt(() => parseNetemValue(type, value));
  if (parsed === undefined) return undefined;
  warnings.push(...parsed.warnings.map((warning) => `${place.toString()}: ${warning}`));
  const effects = targetEffects(parsed.words, place, warnings);
  return effects === undefined ? undefined : { effects, ...(device === undefined ? {} : { interface: device }) };
}
