// SPDX-License-Identifier: Apache-2.0
import { netmachinery, type CliResult } from './cli.js';
import { kubectl } from './kubectl.js';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

export interface RbacObject {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: Rule[];
}

/** What `rbac -o json` prints, as single objects. */
export async function rbacObjects(words: readonly string[]): Promise<RbacObject[]> {
  const { stdout } = await netmachinery(['rbac', ...words, '-o', 'json']);
  const found = JSON.parse(stdout) as RbacObject & { items?: RbacObject[] };
  return found.items ?? [found];
}

/** One verb of one resource, as `get pods/exec`. */
export function permissionsOf(objects: readonly RbacObject[]): string[] {
  return objects.flatMap(({ rules = [] }) =>
    rules.flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    ),
  );
}

function without(permission: string | undefined, { rules = [], ...object }: RbacObject): RbacObject {
  const [verb, resource] = permission?.split(' ') ?? [];
  const left = rules.map((rule) =>
    rule.resources.includes(resource ?? '') ? { ...rule, verbs: rule.verbs.filter((each) => each !== verb) } : rule,
  );
  return { ...object, ...(rules.length === 0 ? {} : { rules: left.filter(({ verbs }) => verbs.length > 0) }) };
}

/**
 * A service account that may do what `rbac WORDS` prints for it, but for one `VERB RESOURCE`, and nothing else; returns
 * its user name. ClusterRoles that come with it have its name and namespace in theirs (see deleteClusterRoles).
 */
export async function account(
  namespace: string,
  name: string,
  words: readonly string[],
  options: { lacks?: string } = {},
): Promise<string> {
  const bound = ['--name', `${namespace}-${name}`, '--serviceaccount', `${namespace}:${name}`];
  const objects = await rbacObjects([...words, ...bound]);
  const serviceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
  const items = [serviceAccount, ...objects.map((object) => without(options.lacks, object))];
  // Applied, because a test that is repeated makes its accounts again.
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return `system:serviceaccount:${namespace}:${name}`;
}

/** Removes the ClusterRoles and bindings of a namespace's accounts. */
export async function deleteClusterRoles(namespace: string): Promise<void> {
  const names = (await kubectl(['get', 'clusterroles,clusterrolebindings', '-o', 'name']))
    .split('\n')
    .filter((name) => name.includes(`/${namespace}-`));
  if (names.length > 0) await kubectl(['delete', ...names]);
}

/** Runs the plugin as somebody else. */
export function runAs(user: string, args: readonly string[]): Promise<CliResult> {
  return netmachinery([...args, '--as', user]);
}
