// SPDX-License-Identifier: Apache-2.0
import { permissionVerb } from '../permissions/command-verb.js';
import { usualNeeds } from '../permissions/needs.js';
import type { PermissionRule } from '../permissions/permission-rule.js';
import { rulesOf } from '../permissions/rules.js';
import type { CommandDescription } from '../surface/command-surface.js';
import { asksCluster } from './flag-text.js';

/** What a command needs in its usual use. */
export interface NeededPermissions {
  /** `get, create pods/exec`, of the namespaces that it works in. */
  inNamespace: readonly string[];
  /** The same of what belongs to no namespace, or of all of them. */
  atCluster: readonly string[];
  /** It also reads what sources and destinations are named by. */
  readsTargets: boolean;
  /** `rbac ping`: what prints the Role. */
  rbac: string;
}

function ruleText({ apiGroups, resources, resourceNames, verbs }: PermissionRule): string {
  const names = resources.flatMap((resource) =>
    apiGroups.map((group) => (group === '' ? resource : `${resource}.${group}`)),
  );
  const only = resourceNames === undefined ? '' : ` (${resourceNames.join(', ')})`;
  return `${verbs.join(', ')} ${names.join(', ')}${only}`;
}

/**
 * What the user of a command must be allowed; `none` where no cluster is asked, undefined where it is not known. What only makes
 * messages better is left out.
 */
export function neededPermissions(command: CommandDescription): NeededPermissions | 'none' | undefined {
  if (!asksCluster(command)) return 'none';
  const verb = permissionVerb(command.id.split(':'));
  if (verb === undefined) return undefined;
  // Rules for each kind of target would be most of the text.
  const rules = rulesOf(verb, { ...usualNeeds, targets: ['pod', 'selector'] });
  const texts = (scope: PermissionRule['scope']) => rules.filter((rule) => rule.scope === scope).map(ruleText);
  return {
    inNamespace: texts('namespace'),
    atCluster: texts('cluster'),
    readsTargets: rulesOf(verb, usualNeeds).length > rules.length,
    rbac: `rbac ${verb}`,
  };
}

/** The same in sentences. */
export function permissionSentences(needed: NeededPermissions | 'none', programName: string): string[] {
  if (needed === 'none') return ['None: no cluster is asked.'];
  const { inNamespace, atCluster, readsTargets, rbac } = needed;
  if (inNamespace.length + atCluster.length === 0) {
    return ['None but what everybody has who is known to the API server.'];
  }
  return [
    ...(inNamespace.length === 0 ? [] : [`In the namespace: ${inNamespace.join('; ')}.`]),
    ...(atCluster.length === 0 ? [] : [`In the cluster: ${atCluster.join('; ')}.`]),
    ...(readsTargets ? ['And reading the Services, workloads and the like that pods are named by.'] : []),
    `"${programName} ${rbac}" prints the Role, with the reason for each rule.`,
  ];
}
