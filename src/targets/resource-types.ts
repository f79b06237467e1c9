// SPDX-License-Identifier: Apache-2.0
import { nearestNames } from './edit-distance.js';

/** What a target may be: a pod, something with pods behind it, or a node. */
export const resourceKinds = [
  'pod',
  'deployment',
  'statefulset',
  'daemonset',
  'replicaset',
  'job',
  'cronjob',
  'service',
  'node',
] as const;

export type ResourceKind = (typeof resourceKinds)[number];

/** Kinds that own pods. */
export type WorkloadKind = Exclude<ResourceKind, 'pod' | 'service' | 'node'>;

interface ResourceType {
  plural: string;
  /** kubectl's short name; `job` has none. */
  short?: string;
  /** Empty for the core group. */
  group: string;
  /** DNS labels have no dots: RFC 1123 labels are what Services are named by. */
  nameGrammar: 'label' | 'subdomain';
}

const resourceTypes: Readonly<Record<ResourceKind, ResourceType>> = {
  pod: { plural: 'pods', short: 'po', group: '', nameGrammar: 'subdomain' },
  deployment: { plural: 'deployments', short: 'deploy', group: 'apps', nameGrammar: 'subdomain' },
  statefulset: { plural: 'statefulsets', short: 'sts', group: 'apps', nameGrammar: 'subdomain' },
  daemonset: { plural: 'daemonsets', short: 'ds', group: 'apps', nameGrammar: 'subdomain' },
  replicaset: { plural: 'replicasets', short: 'rs', group: 'apps', nameGrammar: 'subdomain' },
  job: { plural: 'jobs', group: 'batch', nameGrammar: 'subdomain' },
  cronjob: { plural: 'cronjobs', short: 'cj', group: 'batch', nameGrammar: 'subdomain' },
  service: { plural: 'services', short: 'svc', group: '', nameGrammar: 'label' },
  node: { plural: 'nodes', short: 'no', group: '', nameGrammar: 'subdomain' },
};

const kindByWord = new Map(
  resourceKinds.flatMap((kind) => [[kind, kind] as const, [resourceTypes[kind].plural, kind] as const]),
);
const kindByShortName = new Map(
  resourceKinds.flatMap((kind) => {
    const { short } = resourceTypes[kind];
    return short === undefined ? [] : [[short, kind] as const];
  }),
);

/**
 * The kind that a type word of kubectl means: singular, plural or kind in any case, or a short name in lower case, alone or
 * qualified as `TYPE.GROUP` or `TYPE.VERSION.GROUP` (k8s.io/apimachinery schema.ParseResourceArg; `pods.v1.` is the core group).
 */
export function resourceKind(spelling: string): ResourceKind | undefined {
  const dot = spelling.indexOf('.');
  const word = dot < 0 ? spelling : spelling.slice(0, dot);
  const kind = kindByShortName.get(word) ?? kindByWord.get(word.toLowerCase());
  if (kind === undefined || dot < 0) return kind;
  const qualifier = spelling.slice(dot + 1).toLowerCase();
  const { group } = resourceTypes[kind];
  return qualifier === group || qualifier === `v1.${group}` ? kind : undefined;
}

/** The known type word nearest to a mistyped one. */
export function nearestResourceSpelling(spelling: string): string | undefined {
  return nearestNames(spelling.toLowerCase(), [...kindByWord.keys(), ...kindByShortName.keys()], 1)[0];
}

/** Which grammar the names of a kind follow. */
export function nameGrammar(kind: ResourceKind): 'label' | 'subdomain' {
  return resourceTypes[kind].nameGrammar;
}

/** The short word for a kind in messages: `deploy`, `svc`, `job`. */
export function shortType(kind: ResourceKind): string {
  return kind === 'pod' || kind === 'node' ? kind : (resourceTypes[kind].short ?? kind);
}

/** The API path of a kind's collection; the namespace is ignored for nodes. */
export function collectionPath(kind: ResourceKind, namespace: string): string {
  const { plural, group } = resourceTypes[kind];
  const root = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  return kind === 'node' ? `${root}/${plural}` : `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

/** The API path of one object. */
export function objectPath(kind: ResourceKind, namespace: string, name: string): string {
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}
