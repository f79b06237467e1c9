// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { exitCodesOf } from '../../../src/help/exit-codes.js';
import { asksCluster } from '../../../src/help/flag-text.js';
import { neededPermissions, permissionSentences } from '../../../src/help/needed-permissions.js';
import { permissionVerb } from '../../../src/permissions/command-verb.js';
import { permissionVerbs } from '../../../src/permissions/needs.js';
import { commandSurface, type CommandDescription } from '../../../src/surface/command-surface.js';
import { command, flag } from './commands.js';

function known(id: string): CommandDescription {
  const found = commandSurface.get(id);
  if (found === undefined) throw new Error(`no command ${id}`);
  return found;
}

const textOf = (id: string) =>
  permissionSentences(neededPermissions(known(id)) ?? 'none', 'kubectl netmachinery').join('\n');

describe('the permissions that a command needs', () => {
  it('are those of its Role, and it is said what prints that', () => {
    expect(textOf('ping')).toBe(
      [
        'In the namespace: get, list pods; patch pods/ephemeralcontainers; get, create pods/exec.',
        'And reading the Services, workloads and the like that pods are named by.',
        '"kubectl netmachinery rbac ping" prints the Role, with the reason for each rule.',
      ].join('\n'),
    );
    expect(textOf('preflight')).toContain('In the cluster: list nodes.');
    expect(textOf('inject:uninstall')).toContain('rbac inject-agents');
    expect(textOf('version')).toContain('None but what everybody has');
    expect(textOf('rbac')).toBe('None: no cluster is asked.');
  });

  it('are known of each command that asks the cluster', () => {
    const unknown = [...commandSurface.values()].filter(
      (one) => asksCluster(one) && neededPermissions(one) === undefined && !one.hidden,
    );
    expect(unknown.map(({ id }) => id)).toEqual([]);
  });

  it('are left out where they are not known', () => {
    expect(neededPermissions(command('new', { flags: [flag('context', { helpGroup: 'KUBECTL' })] }))).toBeUndefined();
  });
});

describe('what rbac calls the needs of', () => {
  it.each([
    [['ping', 'a', 'b'], 'ping'],
    [['shape', 'list'], 'shape'],
    [['heal', 'pod/x'], 'shape'],
    [['inject', 'deploy/web'], 'inject'],
    [['inject', 'enable'], 'inject-enable'],
    [['inject', 'disable', 'x'], 'inject-enable'],
    [['inject', 'uninstall'], 'inject-agents'],
    [['report'], undefined],
    [[], undefined],
  ])('%j is %s', (words, verb) => {
    expect(permissionVerb(words)).toBe(verb);
  });

  it('every verb of rbac is that of itself', () => {
    expect(permissionVerbs.map((verb) => permissionVerb([verb]))).toEqual(permissionVerbs);
  });
});

describe('exit codes', () => {
  const codes = (id: string) => exitCodesOf(known(id)).map(({ code }) => code);
  it('of tests are all there are, of others fewer', () => {
    expect(codes('ping')).toEqual([0, 1, 2, 3, 4, 5, 130]);
    expect(codes('shape')).toEqual([0, 1, 2, 3, 4, 5, 130]);
    expect(codes('clean')).toEqual([0, 2, 3, 130]);
    expect(codes('rbac')).toEqual([0, 2, 3]);
  });
});
