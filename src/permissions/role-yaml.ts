// SPDX-License-Identifier: Apache-2.0
import { reasonsOf } from './permission-rule.js';
import { manifestsOf, type RoleDescription } from './role.js';

/** Words that YAML reads as text without quotes: no indicator, no number, nothing that means true, false or null. */
const plain = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][a-z0-9./-]*$/i;

function scalar(value: unknown): string {
  return typeof value === 'string' && plain.test(value) ? value : JSON.stringify(value);
}

function flowList(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
}

function mapping(entries: object, indent: string): string[] {
  return Object.entries(entries).map(([key, value]) => `${indent}${key}: ${scalar(value)}`);
}

function list(items: readonly object[]): string[] {
  return items.flatMap((item) => mapping(item, '  ').map((line, index) => (index === 0 ? `- ${line.slice(2)}` : line)));
}

/** Roles and bindings as YAML documents for `kubectl apply -f -`, each rule below a comment that says what it is for. */
export function roleYaml(roles: readonly RoleDescription[]): string {
  const documents = roles.flatMap((role) => {
    const [object, binding] = manifestsOf(role);
    const rules = role.rules.flatMap(({ apiGroups, resources, resourceNames, verbs, why }) => [
      ...reasonsOf(why).map((reason) => `# ${reason}`),
      `- apiGroups: ${flowList(apiGroups)}`,
      `  resources: ${flowList(resources)}`,
      ...(resourceNames === undefined ? [] : [`  resourceNames: ${flowList(resourceNames)}`]),
      `  verbs: ${flowList(verbs)}`,
    ]);
    const head = ({ apiVersion, kind, metadata }: Record<string, unknown>) => [
      `apiVersion: ${scalar(apiVersion)}`,
      `kind: ${scalar(kind)}`,
      'metadata:',
      ...mapping(metadata as object, '  '),
    ];
    const first = [...head(object ?? {}), 'rules:', ...rules];
    if (binding === undefined) return [first];
    const { roleRef, subjects } = binding as { roleRef: object; subjects: object[] };
    return [first, [...head(binding), 'roleRef:', ...mapping(roleRef, '  '), 'subjects:', ...list(subjects)]];
  });
  return documents.map((lines) => `${lines.join('\n')}\n`).join('---\n');
}
