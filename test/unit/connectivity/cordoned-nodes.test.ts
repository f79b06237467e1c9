// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { cordonedText } from '../../../src/connectivity/cordoned-nodes.js';
import type { Node } from '../../../src/kube/objects.js';

const linux = { 'kubernetes.io/os': 'linux' };
const cordoned = (name: string, labels: Record<string, string> = linux): Node => ({
  metadata: { name, labels },
  spec: { unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] },
});
const selection = { nodeSelector: {}, tolerations: [], includeUnschedulable: false };

describe('cordoned nodes that are not checked', () => {
  it('are named, with what takes them in', () => {
    const well: Node = { metadata: { name: 'c', labels: linux } };
    expect(cordonedText([cordoned('b'), cordoned('a'), well], selection)).toBe(
      'a and b are cordoned and not checked: --include-unschedulable takes them in',
    );
    expect(cordonedText([cordoned('a'), well], selection)).toMatch(/^a is cordoned .* takes it in$/);
  });

  it('are none that would not be checked anyway, or are', () => {
    const windows = cordoned('w', { 'kubernetes.io/os': 'windows' });
    expect(cordonedText([windows], selection)).toBeUndefined();
    expect(cordonedText([cordoned('a')], { ...selection, nodeSelector: { pool: 'web' } })).toBeUndefined();
    expect(cordonedText([cordoned('a')], { ...selection, includeUnschedulable: true })).toBeUndefined();
  });
});
