// SPDX-License-Identifier: Apache-2.0
import type { Access } from '../kube/access.js';
import type { Denial } from '../kube/denial.js';
import { entryFlags, entryOfAccesses, type EntryNeeds } from './entry-flags.js';
import { permissionVerb } from './command-verb.js';
import { targetKinds, usualNeeds, type PermissionVerb } from './needs.js';
import { mergeRules, type PermissionRule } from './permission-rule.js';
import { rolesOf, subjectOf } from './role.js';
import { roleYaml } from './role-yaml.js';
import { isTest, namesPods, rulesOf } from './rules.js';

function resourceOf({ resource, subresource }: Access): string {
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}

/** The rule that would have allowed it. An exec needs two verbs, of which an API server names one. */
function ruleFor(access: Access): PermissionRule {
  const { group = '', verb, namespace, name } = access;
  const resource = resourceOf(access);
  const verbs = resource === 'pods/exec' ? ['get', 'create'] : [verb];
  // Nobody should be allowed to impersonate everybody for the sake of one name.
  const resourceNames = verb === 'impersonate' && name !== undefined ? [name] : undefined;
  const scope = namespace === undefined ? 'cluster' : 'namespace';
  return { apiGroups: [group], resources: [resource], verbs, resourceNames, scope, why: 'what was missing' };
}

/** The Roles and bindings, as YAML, that would allow what was denied and nothing else. */
export function missingRoleYaml({ user, accesses }: Denial, command: string): string {
  const namespaces = new Set(accesses.map(({ namespace }) => namespace));
  const subjects = user === undefined ? [] : [subjectOf(user)];
  const roles = [...namespaces].flatMap((namespace) => {
    const rules = mergeRules(accesses.filter((access) => access.namespace === namespace).map(ruleFor));
    return rolesOf(rules, { name: `netmachinery-${command}-missing`, namespace, allNamespaces: false, subjects });
  });
  return roleYaml(roles);
}

/** What has `rbac` print the rule about nodes, for commands that do not need it in any case. */
function nodeFlags(verb: PermissionVerb): string[] {
  if (verb === 'version') return ['--hints'];
  return namesPods(verb) ? ['--targets=node'] : [];
}

/**
 * The command line that prints everything a command needs where this was denied; undefined for commands that need nothing.
 * `entry`: how pods are entered, where that is known; else what was denied has to tell.
 */
export function rbacCommand(
  { accesses }: Denial,
  command: string,
  entry: Partial<EntryNeeds> = entryOfAccesses(accesses),
): string | undefined {
  const verb = permissionVerb([command]);
  if (verb === undefined) return undefined;
  const namespaces = accesses.map(({ namespace }) => namespace).filter((namespace) => namespace !== undefined);
  const words = ['kubectl', 'netmachinery', 'rbac', verb];
  if (namespaces[0] !== undefined) words.push('-n', namespaces[0]);
  if (isTest(verb)) words.push(...entryFlags(entry));
  if (entry.ephemeral === true) words.push('--ephemeral');
  if (entry.recreate === true) words.push('--recreate');
  const rules = rulesOf(verb, { ...usualNeeds, ...entry, targets: targetKinds, hints: true });
  for (const access of accesses.filter(({ namespace }) => namespace === undefined)) {
    const known = rules.find(({ resources }) => resources.includes(resourceOf(access)));
    if (known?.scope === 'namespace') words.push('-A');
    else if (access.resource === 'nodes') words.push(...nodeFlags(verb));
  }
  return [...new Set(words)].join(' ');
}
