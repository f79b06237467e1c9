// SPDX-License-Identifier: Apache-2.0
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { missingRoleYaml, rbacCommand } from '../../../src/permissions/missing-role.js';
import { permissionVerbs, targetKinds, usualNeeds, type Needs } from '../../../src/permissions/needs.js';
import { manifestsOf, rolesOf, subjectOf } from '../../../src/permissions/role.js';
import { roleYaml } from '../../../src/permissions/role-yaml.js';
import { destinationRulesOf, hintRulesOf, rulesOf } from '../../../src/permissions/rules.js';

const needs = (more: Partial<Needs> = {}): Needs => ({ ...usualNeeds, targets: ['pod'], ...more });
const granted = (more?: Partial<Needs>) =>
  Object.fromEntries(rulesOf('ping', needs(more)).map(({ resources, verbs }) => [resources.join(), verbs.join()]));

describe('the rules of a test', () => {
  it('are to read pods, add a tool container and execute in it', () => {
    expect(granted()).toEqual({ pods: 'get', 'pods/ephemeralcontainers': 'patch', 'pods/exec': 'get,create' });
  });

  it('add nothing to pods with -c', () => {
    expect(granted({ ownContainer: true })).toEqual({ pods: 'get', 'pods/exec': 'get,create' });
  });

  it('read logs in the place of an exec with --no-exec', () => {
    expect(granted({ noExec: true })).toEqual({ pods: 'get', 'pods/ephemeralcontainers': 'patch', 'pods/log': 'get' });
  });

  it('make and delete a pod in the place of changing one with --probe-pod', () => {
    expect(granted({ probePod: true })).toEqual({
      pods: 'get,create,delete',
      services: 'list',
      'pods/exec': 'get,create',
    });
    expect(granted({ probePod: true, hints: true })).toMatchObject({ poddisruptionbudgets: 'list' });
    expect(granted({ hints: true })).not.toHaveProperty('poddisruptionbudgets');
  });

  it('add a tool container to destinations for a proof, also with --probe-pod', () => {
    expect(granted({ probePod: true, udpProof: true })).toMatchObject({ 'pods/ephemeralcontainers': 'patch' });
    expect(granted({ ownContainer: true, udpProof: true })).not.toHaveProperty('pods/ephemeralcontainers');
  });

  it('enter pods where only destinations are if that is asked for, and else only find them', () => {
    const resources = (more: Partial<Needs>) =>
      destinationRulesOf('connect', needs(more)).map((rule) => rule.resources[0]);
    expect(resources({})).toEqual(['pods']);
    const entered = ['pods', 'pods/ephemeralcontainers', 'pods/exec'];
    expect(resources({ control: true })).toEqual(entered);
    expect(resources({ udpProof: true })).toEqual(entered);
    expect(resources({ probePod: true, udpProof: true })).toEqual(entered);
    expect(resources({ probePod: true, control: true })).toEqual(['pods', 'services', 'pods/exec']);
  });

  it('enter destinations for the way back of mtu, also with --probe-pod', () => {
    expect(granted({ probePod: true, bothDirections: true })).toMatchObject({ 'pods/ephemeralcontainers': 'patch' });
    const entered = ['pods', 'pods/ephemeralcontainers', 'pods/exec'];
    const there = destinationRulesOf('mtu', needs({ bothDirections: true }));
    expect(there.map(({ resources }) => resources[0])).toEqual(entered);
    expect(destinationRulesOf('trace', needs()).map(({ resources }) => resources[0])).toEqual(['pods']);
  });

  it('have hints apart', () => {
    for (const verb of permissionVerbs) {
      const without = rulesOf(verb, usualNeeds).length;
      expect(rulesOf(verb, { ...usualNeeds, hints: true }).length > without).toBe(
        hintRulesOf(verb, usualNeeds).some(({ resources }) => resources[0] !== 'pods'),
      );
    }
  });
});

describe('a role', () => {
  const rules = rulesOf('ping', needs({ targets: ['pod', 'node'] }));

  it('of what belongs to no namespace is a ClusterRole beside it, and with -A all of it is', () => {
    const options = { name: 'x', namespace: 'shop', allNamespaces: false, subjects: [] };
    expect(rolesOf(rules, options).map(({ kind, namespace }) => [kind, namespace])).toEqual([
      ['Role', 'shop'],
      ['ClusterRole', undefined],
    ]);
    expect(rolesOf(rules, { ...options, allNamespaces: true })).toMatchObject([{ kind: 'ClusterRole', rules }]);
    expect(rolesOf([], options)).toEqual([]);
  });

  it('as YAML is the same as the objects, whatever names there are', () => {
    const subjects = [subjectOf('jane "J": #1'), subjectOf('system:serviceaccount:shop:true'), subjectOf('12')];
    const roles = rolesOf(rules, { name: 'on', namespace: '0', allNamespaces: false, subjects });
    expect(loadAll(roleYaml(roles))).toEqual(roles.flatMap(manifestsOf));
  });

  it('as YAML has a comment line for each reason, none of them long', () => {
    for (const verb of permissionVerbs) {
      const all = rulesOf(verb, { ...usualNeeds, targets: targetKinds, hints: true });
      const yaml = roleYaml(rolesOf(all, { name: 'x', allNamespaces: false, subjects: [] }));
      const comments = yaml.split('\n').filter((line) => line.startsWith('#'));
      expect(comments.filter((line) => line.length > 100 || line.includes(';'))).toEqual([]);
      expect(comments.length).toBeGreaterThanOrEqual(all.length);
    }
  });

  it('is bound to a service account by its namespace and name', () => {
    expect(subjectOf('system:serviceaccount:shop:tester')).toEqual({
      kind: 'ServiceAccount',
      name: 'tester',
      namespace: 'shop',
    });
    expect(subjectOf('system:admin')).toEqual({ kind: 'User', name: 'system:admin' });
  });
});

describe('what would allow what was denied', () => {
  it('is a Role of just that, bound to who was denied', () => {
    const accesses = [{ verb: 'list', group: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' }];
    const [role, binding] = loadAll(missingRoleYaml({ user: 'jane', accesses }, 'ping')) as Record<string, unknown>[];
    expect(role).toMatchObject({
      kind: 'Role',
      metadata: { name: 'netmachinery-ping-missing', namespace: 'shop' },
      rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] }],
    });
    expect(binding).toMatchObject({ kind: 'RoleBinding', subjects: [{ kind: 'User', name: 'jane' }] });
  });

  it('is a Role in each namespace, and both verbs of an exec', () => {
    const exec = { verb: 'get', resource: 'pods', subresource: 'exec' };
    const accesses = ['shop', 'bank'].map((namespace) => ({ ...exec, namespace }));
    const roles = loadAll(missingRoleYaml({ accesses }, 'ping')) as { rules: { verbs: string[] }[] }[];
    expect(roles).toMatchObject([{ metadata: { namespace: 'shop' } }, { metadata: { namespace: 'bank' } }]);
    expect(roles[0]?.rules[0]?.verbs).toEqual(['get', 'create']);
  });

  it('allows to impersonate the one name only', () => {
    const accesses = [{ verb: 'impersonate', resource: 'users', name: 'admin' }];
    expect(missingRoleYaml({ user: 'jane', accesses }, 'ping')).toContain('resourceNames: ["admin"]');
  });

  it.each([
    ['ping', { verb: 'get', resource: 'pods', namespace: 'shop' }, 'kubectl netmachinery rbac ping -n shop'],
    ['ping', { verb: 'get', resource: 'nodes' }, 'kubectl netmachinery rbac ping --targets=node'],
    [
      'ping',
      { verb: 'create', resource: 'pods', namespace: 'shop' },
      'kubectl netmachinery rbac ping -n shop --probe-pod',
    ],
    [
      'connect',
      { verb: 'get', resource: 'pods', subresource: 'log', namespace: 'shop' },
      'kubectl netmachinery rbac connect -n shop --no-exec',
    ],
    ['clean', { verb: 'delete', resource: 'pods', namespace: 'shop' }, 'kubectl netmachinery rbac clean -n shop'],
    ['clean', { verb: 'list', resource: 'pods' }, 'kubectl netmachinery rbac clean -A'],
    ['version', { verb: 'list', resource: 'nodes' }, 'kubectl netmachinery rbac version --hints'],
    ['check', { verb: 'list', resource: 'nodes' }, 'kubectl netmachinery rbac check'],
    ['check-install', { verb: 'list', resource: 'nodes' }, 'kubectl netmachinery rbac check-install'],
    ['rbac', { verb: 'get', resource: 'pods' }, undefined],
  ])('in full for %s is printed by a command that is named', (command, access, words) => {
    expect(rbacCommand({ accesses: [access] }, command)).toBe(words);
  });
});
