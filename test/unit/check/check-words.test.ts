// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkWords, type CheckFlags } from '../../../src/commands/flags/check.js';

const flags: CheckFlags = { 'agent-image': 'a:1', 'include-unschedulable': false, 'no-host-network': false };

describe('what check is asked for', () => {
  it('is everything, as usual, without flags', () => {
    expect(checkWords(flags)).toEqual({
      selection: { nodeSelector: {}, tolerations: [], includeUnschedulable: false },
      settings: { intervalMs: 15_000, neighbours: 10, payloadEntries: 1500, urls: [] },
      networks: ['pod', 'host'],
      image: 'a:1',
      imagePullSecrets: [],
    });
  });

  it('takes labels, tolerations, names and URLs', () => {
    const found = checkWords({
      ...flags,
      'node-selector': ['pool=a,example.com/zone=', 'x==y'],
      toleration: ['dedicated', 'dedicated=db', 'dedicated=db:NoSchedule', 'example.com/k:NoExecute'],
      'external-name': 'Example.ORG.',
      url: ['http://web.shop', 'http://web.shop/'],
      'no-host-network': true,
    });
    expect(found.selection.nodeSelector).toEqual({ pool: 'a', 'example.com/zone': '', x: 'y' });
    expect(found.selection.tolerations).toEqual([
      { key: 'dedicated', operator: 'Exists' },
      { key: 'dedicated', operator: 'Equal', value: 'db' },
      { key: 'dedicated', operator: 'Equal', value: 'db', effect: 'NoSchedule' },
      { key: 'example.com/k', operator: 'Exists', effect: 'NoExecute' },
    ]);
    expect(found.settings).toMatchObject({ externalName: 'example.org', urls: ['http://web.shop/'] });
    expect(found.networks).toEqual(['pod']);
  });

  it.each([
    [{ 'node-selector': ['pool'] }, /--node-selector/],
    [{ 'node-selector': ['pool!=a'] }, /--node-selector/],
    [{ toleration: ['a:Never'] }, /NoSchedule/],
    [{ toleration: [''] }, /--toleration/],
    [{ 'external-name': '10.0.0.1' }, /host name/],
    [{ url: ['ftp://x'] }, /URL/],
    [{ url: ['http://jane:secret@x'] }, /user or password/],
    [{ 'image-pull-secret': ['A b'] }, /Secret/],
    [{ 'agent-image': ' ' }, /no agent image/],
  ])('refuses %j', (words, message) => {
    expect(() => checkWords({ ...flags, ...words })).toThrow(message);
  });
});
