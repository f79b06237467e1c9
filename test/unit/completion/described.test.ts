// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerText } from '../../../src/completion/answer.js';
import { containerOffers, meshOffers, portOffers } from '../../../src/completion/described-object.js';
import { describedRows } from '../../../src/completion/described-rows.js';

const columns = (...names: string[]) => names.map((name) => ({ name }));

it('says of rows what tells them apart', () => {
  const pods = {
    columnDefinitions: columns('Name', 'Ready', 'Status', 'Restarts', 'Age'),
    rows: [{ cells: ['web-0', '2/2', 'Running', '0', '5m'] }],
  };
  expect(describedRows('pod', pods)).toEqual([{ word: 'web-0', description: 'Running, 2/2 ready, 5m' }]);
  const sets = {
    columnDefinitions: columns('Name', 'Desired', 'Current', 'Ready', 'Age'),
    rows: [{ cells: ['agent', 3, 3, 2, '5d'] }],
  };
  expect(describedRows('daemonset', sets)).toEqual([{ word: 'agent', description: '2/3 ready, 5d' }]);
  expect(describedRows('pod', { items: [{ metadata: { name: 'web-0' } }, {}] })).toEqual([{ word: 'web-0' }]);
  expect(
    describedRows('serviceaccount', { columnDefinitions: columns('Name', 'Age'), rows: [{ cells: ['a', '1d'] }] }),
  ).toEqual([{ word: 'a', description: '1d' }]);
});

it('knows ports and containers of Services, pods and what makes pods', () => {
  const ports = [
    { name: 'http', port: 80, protocol: 'TCP' },
    { port: 53, protocol: 'UDP' },
  ];
  expect(portOffers({ spec: { ports } }, false)).toEqual([
    { word: '80', description: 'http, TCP' },
    { word: '53', description: 'UDP' },
  ]);
  expect(portOffers({ spec: { ports } }, true)).toEqual([{ word: 'http', description: '80/TCP' }]);
  const spec = {
    containers: [{ name: 'main', image: 'web:1', ports: [{ name: 'http', containerPort: 8080 }] }],
    initContainers: [{ name: 'setup' }, { name: 'side', restartPolicy: 'Always' }],
  };
  const workloads = [
    { spec },
    { spec: { template: { spec } } },
    { spec: { jobTemplate: { spec: { template: { spec } } } } },
  ];
  for (const object of workloads) {
    expect(portOffers(object, false)).toEqual([{ word: '8080', description: 'http, TCP' }]);
    expect(containerOffers(object)).toEqual([
      { word: 'main', description: 'web:1' },
      { word: 'side', description: '' },
    ]);
  }
  expect(portOffers({}, false)).toEqual([]);
  expect(meshOffers({})).toEqual([]);
});

it('writes lines that a shell can read, whatever is in them', () => {
  const offers = [{ word: 'a', description: 'one\ttwo\u001b[2J' }, { word: 'b\n' }, { word: '' }, { word: 'c' }];
  expect(answerText({ offers, directive: 6 })).toBe('a\tone two [2J\nc\n:6\n');
  const offer = fc.record({ word: fc.string({ unit: 'binary' }), description: fc.string({ unit: 'binary' }) });
  fc.assert(
    fc.property(fc.array(offer, { maxLength: 5 }), (list) => {
      const lines = answerText({ offers: list, directive: 4 }).split('\n');
      expect(lines.at(-1)).toBe('');
      expect(lines.at(-2)).toBe(':4');
      expect(lines.length).toBeLessThanOrEqual(list.length + 2);
    }),
  );
});
