// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { ShapeListItem } from '../../../src/model/shaping.js';
import {
  changedItems,
  remainingText,
  renderShapes,
  shapedNames,
  type ShapeListRenderOptions,
} from '../../../src/report/shape-list.js';
import { record } from '../shaping/sample-record.js';

const active: ShapeListItem = {
  namespace: 'shop',
  pod: 'web',
  node: 'node2',
  state: 'active',
  shape: record,
  packets: 312,
  droppedPackets: 3,
  endsInSeconds: 245,
};
const options: ShapeListRenderOptions = {
  width: Number.POSITIVE_INFINITY,
  headers: true,
  now: new Date('2026-11-21T12:01:30Z'),
  namespaces: false,
  wide: false,
  effects: () => 'delay 100ms',
  scope: () => 'all packets',
};

describe('the list of shapes', () => {
  it('has a line for each pod', () => {
    const expired = { ...active, pod: 'db-0', state: 'expired' as const, endsInSeconds: 0 };
    expect(renderShapes([active, expired], options).split('\n')).toEqual([
      'POD    STATE     EFFECTS       SCOPE         DIRECTION   PACKETS   DROPPED   WHO    SINCE   ENDS IN',
      'web    active    delay 100ms   all packets   egress      312       3         jane   90s     4m5s',
      'db-0   expired   delay 100ms   all packets   egress      312       3         jane   90s     <none>',
      '',
    ]);
  });

  it('says more with -A and -o wide', () => {
    const [header, line] = renderShapes([active], { ...options, namespaces: true, wide: true }).split('\n');
    expect(header).toMatch(/^NAMESPACE +POD .* NODE +INTERFACE +CONTAINER +REASON$/);
    expect(line).toMatch(/^shop +web .* node2 +eth0 +netmachinery-admin-1 +<none>$/);
  });

  it('is not more than the terminal is wide, and nothing for nothing', () => {
    const lines = renderShapes([{ ...active, pod: 'a-long-name-of-a-pod-of-a-deployment' }], { ...options, width: 60 });
    for (const line of lines.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(lines).toContain('active');
    expect(renderShapes([], options)).toBe('');
  });

  it('prints nothing that drives a terminal', () => {
    const shape = { ...record, caller: 'jane\u001b[2J', reason: '\u0007' };
    expect(renderShapes([{ ...active, shape }], { ...options, wide: true })).not.toMatch(/[\u001b\u0007]/);
  });

  it('is names with -o name', () => {
    expect(shapedNames({ apiVersion: 'netmachinery.io/v1', kind: 'ShapeList', items: [active] })).toBe('pod/web\n');
  });
});

describe('what is left of a time', () => {
  it.each([
    [undefined, ''],
    [-3, '0s'],
    [59.4, '59s'],
    [60, '1m'],
    [245, '4m5s'],
    [3600, '1h'],
    [7380, '2h3m'],
  ])('%s is %s', (seconds, text) => {
    expect(remainingText(seconds)).toBe(text);
  });
});

describe('what changed between two lists', () => {
  it('is what is new, what became another, and what ended, but no counter', () => {
    const counted = { ...active, packets: 400, endsInSeconds: 200 };
    expect(changedItems([active], [counted])).toEqual([]);
    expect(changedItems([], [active])).toEqual([active]);
    const expired = { ...active, state: 'expired' as const };
    expect(changedItems([active], [expired])).toEqual([expired]);
    const replaced = { ...active, shape: { ...record, token: 'other' } };
    expect(changedItems([active], [replaced])).toEqual([replaced]);
    expect(changedItems([active], [])).toMatchObject([{ pod: 'web', state: 'ended' }]);
  });
});
