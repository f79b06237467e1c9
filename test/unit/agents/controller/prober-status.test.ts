// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { nextStatus, type ProberStatus, type StatusFacts } from '../../../../src/agents/controller/prober-status.js';
import { Failure } from '../../../../src/errors/failure.js';

const first = new Date('2026-11-22T01:00:00.123Z');
const later = new Date('2026-11-22T02:00:00Z');
const facts: StatusFacts = {
  generation: 2,
  faults: [],
  refusedImage: undefined,
  pods: ['shop/web-1', 'other/api'],
  listedCount: 1,
  lists: [{ namespace: 'shop', name: 'rtt', state: { outcome: 'written' } }],
};

function condition(status: ProberStatus, type: string) {
  return status.conditions?.find((each) => each.type === type);
}

test('pods are sorted and counted, and all is well', () => {
  const status = nextStatus(undefined, facts, first);
  expect(status).toMatchObject({
    pods: ['other/api', 'shop/web-1'],
    podCount: 2,
    listedCount: 1,
    lastChange: '2026-11-22T01:00:00Z',
    observedGeneration: 2,
  });
  expect(condition(status, 'Ready')).toEqual({
    type: 'Ready',
    status: 'True',
    reason: 'Probing',
    message: '1 of 2 pods are listed',
    lastTransitionTime: '2026-11-22T01:00:00Z',
    observedGeneration: 2,
  });
});

test('nothing changes where nothing changed, and times only with what they tell of', () => {
  const before = nextStatus(undefined, facts, first);
  expect(nextStatus(before, { ...facts, pods: facts.pods.toReversed() }, later)).toBe(before);
  const reread = structuredClone(before);
  expect(nextStatus(reread, facts, later)).toBe(reread);
  const grown = nextStatus(before, { ...facts, listedCount: 2 }, later);
  expect(grown.lastChange).toBe('2026-11-22T02:00:00Z');
  expect(condition(grown, 'Ready')?.lastTransitionTime).toBe('2026-11-22T01:00:00Z');
  const refused = nextStatus(before, { ...facts, refusedImage: 'evil:1' }, later);
  expect(refused.lastChange).toBe('2026-11-22T01:00:00Z');
  expect(condition(refused, 'Ready')?.lastTransitionTime).toBe('2026-11-22T02:00:00Z');
  expect(condition(refused, 'PeerListsWritten')?.lastTransitionTime).toBe('2026-11-22T01:00:00Z');
});

test.each<[Partial<StatusFacts>, string, string]>([
  [{ faults: ['spec.httpPort: no'] }, 'Ready', 'False InvalidSpec'],
  [{ refusedImage: 'evil:1' }, 'ImageAllowed', 'False ImageNotAllowed'],
  [{ refusedImage: 'evil:1' }, 'Ready', 'False ImageNotAllowed'],
  [{ pods: [] }, 'Ready', 'True NoPods'],
  [{ lists: [{ namespace: 'shop', name: 'rtt', state: undefined }] }, 'PeerListsWritten', 'Unknown Pending'],
  [{ lists: [{ namespace: 'shop', name: 'rtt', state: { outcome: 'Static' } }] }, 'PeerListsWritten', 'False Static'],
  [
    { lists: [{ namespace: 'shop', name: 'rtt', state: { failure: new Failure('forbidden', 'User "x" may not') } }] },
    'PeerListsWritten',
    'False Forbidden',
  ],
  [
    { lists: [{ namespace: 'shop', name: 'rtt', state: { failure: new Failure('cluster', 'no space') } }] },
    'Ready',
    'False WriteFailed',
  ],
])('%j: %s is %s', (change, type, expected) => {
  const found = condition(nextStatus(undefined, { ...facts, ...change }, first), type);
  expect(`${found?.status} ${found?.reason}`).toBe(expected);
});

test('only the first thousand pods are named', () => {
  const pods = Array.from({ length: 1500 }, (_, index) => `shop/web-${index}`);
  const status = nextStatus(undefined, { ...facts, pods }, first);
  expect(status.pods).toHaveLength(1000);
  expect(status.podCount).toBe(1500);
});
