// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { withLastingHints } from '../../../../src/check/once/lasting-hints.js';
import type { CheckFinding } from '../../../../src/model/check.js';

const absent = (cause: string): CheckFinding => ({
  kind: 'agentAbsent',
  severity: 'failure',
  nodes: ['node1'],
  message: `agents on node1 have never reported: ${cause}`,
  hint: 'kubectl describe pod agent-node1 in the namespace of the agents',
  failed: 0,
});

describe('hints of a one-shot check', () => {
  it.each([
    ['pod cannot start: ErrImagePull: connection refused', '--agent-image'],
    ['pod Pending: ContainerCreating', '--timeout'],
    ['pod Pending: 0/2 nodes are available', 'check install'],
  ])('do not lead to pods that are gone: %s', (cause, word) => {
    const [found] = withLastingHints([absent(cause)]);
    expect(found?.hint).toContain(word);
    expect(found?.hint).not.toContain('describe pod');
  });

  it('stay where they lead to what is still there', () => {
    const isolated = { ...absent('node NotReady'), hint: 'kubectl describe node node1' };
    expect(withLastingHints([isolated])).toEqual([isolated]);
  });
});
