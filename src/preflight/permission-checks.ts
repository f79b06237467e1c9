// SPDX-License-Identifier: Apache-2.0
import { accessWords, type Access } from '../kube/access.js';
import { reviewAccess } from '../kube/access-review.js';
import type { Cluster } from '../kube/cluster.js';
import type { Check } from '../model/preflight.js';
import type { EntryNeeds } from '../permissions/entry-flags.js';
import { rbacCommand } from '../permissions/missing-role.js';
import { usualNeeds, type PermissionVerb } from '../permissions/needs.js';
import { mergeRules, type PermissionRule } from '../permissions/permission-rule.js';
import { hintRulesOf, rulesOf } from '../permissions/rules.js';

function accessesOf(rule: PermissionRule, namespace: string): Access[] {
  const { apiGroups, resources, resourceNames = [undefined], verbs, scope } = rule;
  return resources.flatMap((words) => {
    const [resource = '', subresource] = words.split('/');
    const where = scope === 'cluster' ? undefined : namespace;
    return verbs.flatMap((verb) =>
      resourceNames.map((name) => ({ verb, group: apiGroups[0], resource, subresource, namespace: where, name })),
    );
  });
}

/** Only Kubernetes 1.35 and newer ask for it, so its lack does no harm before. */
function isLaterNeed({ verb, subresource }: Access, minor: number | undefined): boolean {
  return verb === 'create' && subresource === 'exec' && minor !== undefined && minor < 35;
}

/** How bad it is when a permission is missing, and for what it is needed. */
interface RuleUse {
  rule: PermissionRule;
  /** `target`: only some words for sources and destinations need it. */
  use: 'required' | 'target' | 'hint';
}

interface ReviewContext {
  command: PermissionVerb;
  minor: number | undefined;
  entry: Partial<EntryNeeds>;
  signal: AbortSignal;
}

async function checkRule(cluster: Cluster, { rule, use }: RuleUse, context: ReviewContext): Promise<Check> {
  const { command, minor, entry, signal } = context;
  const check = `may ${rule.verbs.join(', ')} ${rule.resources.join(', ')}`;
  const answers = await reviewAccess(cluster, accessesOf(rule, cluster.namespace), { signal });
  const denied = answers.filter(({ allowed }) => !allowed);
  if (denied.length === 0) return { check, status: 'ok', detail: rule.why };
  const later = denied.every((access) => isLaterNeed(access, minor));
  const where = rule.scope === 'cluster' ? 'at the cluster scope' : `in namespace ${cluster.namespace}`;
  const detail = `denied ${where}: ${denied.map(({ verb }) => verb).join(', ')}; needed for ${rule.why}`;
  const rbac = rbacCommand({ accesses: denied }, command, entry);
  const action = rbac === undefined ? {} : { action: use === 'hint' ? `${rbac} --hints` : rbac };
  if (later) return { check, status: 'warning', detail: `${detail}; not before Kubernetes 1.35`, ...action };
  if (use === 'required') return { check, status: 'failed', cause: 'cluster', detail, ...action };
  const harm = use === 'hint' ? 'only messages suffer' : 'only such words do not work';
  return { check, status: 'warning', detail: `${detail} (${harm})`, ...action };
}

/** The verbs of a rule that no other rule has. */
function beyond(rule: PermissionRule, others: readonly PermissionRule[]): PermissionRule[] {
  const known = new Set(others.flatMap((other) => accessesOf(other, '').map(accessWords)));
  const verbs = rule.verbs.filter((verb) =>
    accessesOf({ ...rule, verbs: [verb] }, '').some((access) => !known.has(accessWords(access))),
  );
  return verbs.length === 0 ? [] : [{ ...rule, verbs }];
}

/** What every run needs, then what single kinds of targets need, then what messages need. */
export function ruleUses(commands: readonly PermissionVerb[], entry: Partial<EntryNeeds>): RuleUse[] {
  const usual = { ...usualNeeds, ...entry };
  const least = { ...usual, targets: ['pod', 'selector'] as const };
  const required = mergeRules(commands.flatMap((command) => rulesOf(command, least)));
  const all = mergeRules(commands.flatMap((command) => rulesOf(command, usual)));
  const targets = all.flatMap((rule) => beyond(rule, required));
  const hints = mergeRules(commands.flatMap((command) => hintRulesOf(command, usual))).flatMap((rule) =>
    beyond(rule, all),
  );
  return [
    ...required.map((rule) => ({ rule, use: 'required' as const })),
    ...targets.map((rule) => ({ rule, use: 'target' as const })),
    ...hints.map((rule) => ({ rule, use: 'hint' as const })),
  ];
}

/** One check for each resource that the commands need: failed where nothing works without it, else a warning. */
export async function permissionChecks(
  cluster: Cluster,
  commands: readonly PermissionVerb[],
  options: Omit<ReviewContext, 'command'>,
): Promise<Check[]> {
  const context = { ...options, command: commands[0] ?? 'ping' };
  return Promise.all(ruleUses(commands, options.entry).map((use) => checkRule(cluster, use, context)));
}
