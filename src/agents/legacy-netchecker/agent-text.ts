// SPDX-License-Identifier: Apache-2.0
import { agentsNamespace, type AgentMetadata } from './agent-objects.js';
import { goList, goMap, goString, goStruct } from './go-json.js';

/** The fields of Kubernetes' ObjectMeta in the order of its Go struct; managedFields are younger than the seed, which drops them. */
interface WholeMetadata extends AgentMetadata {
  generateName?: string;
  selfLink?: string;
  generation?: number;
  deletionGracePeriodSeconds?: number;
  finalizers?: string[];
}

/** A whole object as the seed's server writes it; of one that is not stored only its name is known. */
export function agentText(name: string, metadata: AgentMetadata | undefined, spec: string): string {
  const known: WholeMetadata = metadata ?? { name, namespace: agentsNamespace };
  const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : goString(value));
  const number = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
  const map = (value: Record<string, string> | undefined): string | undefined =>
    value === undefined ? undefined : goMap(new Map(Object.entries(value)), goString);
  const fields = goStruct([
    ['name', text(known.name)],
    ['generateName', text(known.generateName)],
    ['namespace', text(known.namespace)],
    ['selfLink', text(known.selfLink)],
    ['uid', text(known.uid)],
    ['resourceVersion', text(known.resourceVersion)],
    ['generation', number(known.generation)],
    ['creationTimestamp', text(known.creationTimestamp) ?? 'null'],
    ['deletionTimestamp', text(known.deletionTimestamp)],
    ['deletionGracePeriodSeconds', number(known.deletionGracePeriodSeconds)],
    ['labels', map(known.labels)],
    ['annotations', map(known.annotations)],
    ['ownerReferences', owners(known)],
    ['finalizers', known.finalizers === undefined ? undefined : goList(known.finalizers, goString)],
  ]);
  return goStruct([
    ['kind', '"Agent"'],
    ['apiVersion', '"network-checker.ext/v1"'],
    ['metadata', fields],
    ['spec', spec],
  ]);
}

function owners({ ownerReferences }: AgentMetadata): string | undefined {
  if (ownerReferences === undefined) return undefined;
  return goList(ownerReferences, ({ apiVersion, kind, name, uid, controller }) =>
    goStruct([
      ['apiVersion', goString(apiVersion)],
      ['kind', goString(kind)],
      ['name', goString(name)],
      ['uid', goString(uid)],
      ['controller', controller === undefined ? undefined : String(controller)],
    ]),
  );
}
