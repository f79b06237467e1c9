// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { describeShape } from '../../../src/suites/describe-shape.js';
import { resultOfSuite } from '../../../src/suites/result-of-suite.js';
import { ping, web0 } from '../report/sample-reports.js';
import { networkTest, read } from './suites.js';

const [suite] = read(
  networkTest({
    tests: [
      {
        name: 'cut',
        from: 'web',
        to: 'api',
        while: { shape: { partition: true, peers: ['pod/api', '198.18.0.0/16'] } },
      },
      {
        name: 'late',
        from: 'web',
        to: 'api',
        while: { shape: { source: 'deploy/db', delay: '50ms', direction: 'both' } },
      },
      { name: 'plain', from: 'web', to: 'api' },
    ],
  }),
).suites;

it('a shape is described by what it does, where, and to what', () => {
  const texts = suite?.tests.map(({ while: shape }) => shape && describeShape(shape));
  expect(texts).toEqual([
    'partition (egress, peer pod/api or 198.18.0.0/16)',
    'delay 50ms in deploy/db (both, all packets)',
    undefined,
  ]);
});

it('a result says under which shape it was made', () => {
  const result = { id: 'r1', ...ping(web0, { ref: 'api', kind: 'pod', address: '198.19.1.7' }, 1) };
  const shapes = suite?.tests.map((test) => resultOfSuite(result, { suite, test }).shape);
  expect(shapes?.map((shape) => shape?.split(' ')[0])).toEqual(['partition', 'delay', undefined]);
});
