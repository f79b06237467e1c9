// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { withMissingRole } from '../../../src/commands/forbidden.js';
import { Failure } from '../../../src/errors/failure.js';
import { failureOfAnswer } from '../../../src/kube/api-failure.js';
import { execRefusal } from '../../../src/kube/exec-status.js';
import { offerAnotherWay } from '../../../src/runs/another-way.js';

/** What an API server of 1.34 answers to an exec that RBAC denies. */
const message =
  'pods "busybox" is forbidden: User "jane" cannot get resource "pods/exec" in API group "" in the namespace "shop"';
const denied = execRefusal(failureOfAnswer(403, JSON.stringify({ kind: 'Status', message, code: 403 })));

describe('a denied permission', () => {
  it.each([
    [['ping', 'a', 'b'], ''],
    [['ping', '--probe-pod', 'a', 'b'], ' --probe-pod'],
    [['ping', 'a', 'b', '--no-exec=true'], ' --no-exec'],
    [['ping', 'a', 'b', '--no-exec=false'], ''],
    [['connect', '-c', 'main', 'a', 'b'], ' -c NAME'],
    [['connect', '--container=main', 'a', 'b'], ' -c NAME'],
    [['connect', '--probe-pod', '--udp-proof', 'capture', 'a', 'b'], ' --probe-pod --udp-proof=counters'],
    [['ping', 'a', 'b', '--expect', 'deny', '--control', 'destination'], ' --control=destination'],
    [['clean', '--probe-pod'], ''],
  ])('of %j names the Role for this way into pods', (argv, flags) => {
    const { hint } = withMissingRole(denied, argv);
    expect(hint).toBe(`all that ${argv[0]} needs: kubectl netmachinery rbac ${argv[0]} -n shop${flags}`);
  });

  it('keeps the other ways, and what an exec needs where no Role is named', () => {
    const offered = offerAnotherWay(denied, 'toolContainer') as Failure;
    expect(withMissingRole(offered, ['ping']).hint).toMatch(/^--no-exec reads [^;]*; all that ping needs/);
    expect(withMissingRole(denied, ['rbac']).hint).toContain('get and create of pods/exec');
  });
});
