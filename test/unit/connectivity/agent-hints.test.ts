// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { agentHint } from '../../../src/connectivity/agent-hints.js';
import type { KnownAgent } from '../../../src/connectivity/check-input.js';

const absent = (cause: string, pod?: string): KnownAgent => ({
  node: 'node1',
  network: 'host',
  agent: { network: 'host', state: 'Absent', cause, ...(pod === undefined ? {} : { pod }) },
  reports: [],
});

describe('what to do about an agent that does not report', () => {
  it.each([
    ['pod cannot start: ErrImagePull: connection refused', '--agent-image'],
    ['pod Pending: ContainerCreating', '--timeout'],
    ['pod Pending: 0/2 nodes are available', 'check install'],
  ])('does not lead to pods of a one-shot check, which are gone: %s', (cause, word) => {
    const hint = agentHint(absent(cause, 'agent-1'), 'once');
    expect(hint).toContain(word);
    expect(hint).not.toContain('describe pod');
  });

  it('leads to the pod of an installed check, in its namespace, or to what tells why there is none', () => {
    expect(agentHint(absent('pod Pending', 'agent-1'), 'installed')).toBe(
      'kubectl describe pod agent-1 -n netmachinery-check-host',
    );
    expect(agentHint(absent('no pod'), 'installed')).toMatch(
      /^kubectl get daemonsets,events -n netmachinery-check-host/,
    );
  });

  it.each(['once', 'installed'] as const)('leads to the node where that is the cause: %s', (mode) => {
    expect(agentHint(absent('node NotReady: kubelet stopped', 'agent-1'), mode)).toBe('kubectl describe node node1');
    expect(agentHint(absent('silent', 'agent-1'), mode)).toContain('look at its log');
  });
});
