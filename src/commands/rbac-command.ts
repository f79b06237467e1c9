// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { checkHostNamespace, checkNamespace } from '../model/check.js';
import {
  namespacedTargets,
  targetKinds,
  usualNeeds,
  type Needs,
  type PermissionVerb,
  type TargetKind,
} from '../permissions/needs.js';
import type { PermissionRule } from '../permissions/permission-rule.js';
import { manifestsOf, rolesOf, type RoleDescription, type Subject } from '../permissions/role.js';
import { roleYaml } from '../permissions/role-yaml.js';
import { destinationRulesOf, rulesOf } from '../permissions/rules.js';
import { isDnsLabel, isDnsSubdomain } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import { resourceKind } from '../targets/resource-types.js';

/** The flags of `rbac`, as they were parsed. */
export interface RbacFlags {
  namespace?: string | undefined;
  'all-namespaces': boolean;
  name?: string | undefined;
  user?: string[] | undefined;
  group?: string[] | undefined;
  serviceaccount?: string[] | undefined;
  output: string;
  hints: boolean;
  targets?: string | undefined;
  'to-namespace'?: string[] | undefined;
  control?: string | undefined;
  'udp-proof'?: string | undefined;
  'both-directions': boolean;
  container?: string | undefined;
  'no-exec': boolean;
  'probe-pod': boolean;
  ephemeral: boolean;
  recreate: boolean;
}

function targetsOf(text: string | undefined): readonly TargetKind[] {
  if (text === undefined) return namespacedTargets;
  return text.split(',').map((word) => {
    const kind = word === 'selector' ? word : resourceKind(word);
    if (kind !== undefined) return kind;
    throw new Failure('usage', `invalid value ${quote(word)} for --targets`, {
      hint: `types: ${targetKinds.join(', ')}`,
    });
  });
}

function needsOf(flags: RbacFlags): Needs {
  return {
    ...usualNeeds,
    targets: targetsOf(flags.targets),
    ownContainer: flags.container !== undefined,
    noExec: flags['no-exec'],
    probePod: flags['probe-pod'],
    control: flags.control === 'destination',
    udpProof: flags['udp-proof'] !== undefined,
    bothDirections: flags['both-directions'],
    ephemeral: flags.ephemeral,
    recreate: flags.recreate,
    hints: flags.hints,
  };
}

function serviceAccount(text: string): Subject {
  const [namespace, name, ...more] = text.split(':');
  if (!namespace || !name || more.length > 0) {
    throw new Failure('usage', `invalid value ${quote(text)} for --serviceaccount: must be NAMESPACE:NAME`);
  }
  return { kind: 'ServiceAccount', name, namespace };
}

function subjectsOf({ user = [], group = [], serviceaccount = [] }: RbacFlags): Subject[] {
  return [
    ...user.map((name): Subject => ({ kind: 'User', name })),
    ...group.map((name): Subject => ({ kind: 'Group', name })),
    ...serviceaccount.map(serviceAccount),
  ];
}

function requireNames({ name, namespace, 'to-namespace': others = [] }: RbacFlags): void {
  for (const word of [namespace, ...others]) {
    if (word !== undefined && !isDnsLabel(word)) {
      throw new Failure('usage', `${quote(word)} can not be the name of a namespace`);
    }
  }
  if (name !== undefined && !isDnsSubdomain(name)) throw new Failure('usage', `${quote(name)} can not be a name`);
}

/** Where Roles are for; undefined: the namespace that they are applied to. An installed check has namespaces of its own. */
function namespacesOf(
  verb: PermissionVerb,
  { namespace, 'all-namespaces': allNamespaces }: RbacFlags,
): (string | undefined)[] {
  const isFixed = verb === 'check-status' && namespace === undefined && !allNamespaces;
  return isFixed ? [checkNamespace, checkHostNamespace] : [namespace];
}

function isNamespaced({ scope }: PermissionRule): boolean {
  return scope === 'namespace';
}

function describeRoles(verb: PermissionVerb, flags: RbacFlags): RoleDescription[] {
  const needs = needsOf(flags);
  const { name = `netmachinery-${verb}`, 'all-namespaces': allNamespaces } = flags;
  const subjects = subjectsOf(flags);
  const rules = rulesOf(verb, needs);
  const [first, ...further] = namespacesOf(verb, flags);
  const own = rolesOf(rules, { name, namespace: first, allNamespaces, subjects });
  const inFurther = further.flatMap((other) =>
    rolesOf(rules.filter(isNamespaced), { name, namespace: other, allNamespaces, subjects }),
  );
  const others = (flags['to-namespace'] ?? []).flatMap((other) =>
    rolesOf(destinationRulesOf(verb, needs).filter(isNamespaced), {
      name: `${name}-destinations`,
      namespace: other,
      allNamespaces,
      subjects,
    }),
  );
  return [...own, ...inFurther, ...others];
}

function jsonText(roles: readonly RoleDescription[]): string {
  const objects = roles.flatMap(manifestsOf);
  const value = objects.length === 1 ? objects[0] : { apiVersion: 'v1', kind: 'List', items: objects };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** `rbac`: flags to Roles on stdout. */
export function rbacCommand(verb: string, flags: RbacFlags): void {
  requireNames(flags);
  const roles = describeRoles(verb as PermissionVerb, flags);
  if (roles.length === 0) {
    process.stderr.write(`${verb} needs no Role: everybody who is known to the API server may do what it does.\n`);
    return;
  }
  process.stdout.write(flags.output === 'json' ? jsonText(roles) : roleYaml(roles));
}
