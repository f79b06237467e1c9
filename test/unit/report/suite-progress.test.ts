// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { emptyProgress, madeLine, progressLines, progressWith } from '../../../src/report/suite-progress.js';
import { ping, web0, web1 } from './sample-reports.js';

const api = { ref: 'pod/api', kind: 'pod', address: '198.19.1.7' } as const;
const result = (source = web0, verdict: 'pass' | 'fail' = 'pass') => ({
  id: 'r1',
  ...ping(source, api, 1, { verdict }),
});
const size = { width: 80, height: 10, color: false };

describe('progress', () => {
  it('is a line a source, those at work first', () => {
    const begun = progressWith(emptyProgress([web0, web0, web1, web1]), [result(), result(web0, 'fail')]);
    expect(progressLines(begun, size)).toEqual([
      'shop/web-1  ░░░░░░░░░░░░  0/2',
      'shop/web-0  ████████████  2/2  1 fail 1 pass',
    ]);
  });

  it('never takes more lines or columns than there are', () => {
    const sources = Array.from({ length: 30 }, (_, index) => ({ ...web0, pod: `a-very-long-name-of-a-pod-${index}` }));
    const lines = progressLines(emptyProgress(sources), { width: 60, height: 5, color: false });
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toBe('… and 26 more');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});

it('a test that was made is a line of a log', () => {
  expect(madeLine('shop', 'web reaches api', [result(), result(web1, 'fail')], false)).toBe(
    'shop: web reaches api: ✗ fail 1/2',
  );
  expect(madeLine('shop', 'a\u001b[2Jb', [result()], false)).not.toContain('\u001b');
});
