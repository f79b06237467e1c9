// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { ClearItem, ClearReport } from '../../../src/model/shaping.js';
import { clearedNames, renderClearance } from '../../../src/report/shape-clear.js';

function report(...items: Partial<ClearItem>[]): ClearReport {
  const whole = items.map((item) => ({
    namespace: 'shop',
    pod: 'web',
    node: 'node1',
    outcome: 'cleared' as const,
    message: 'delay 100ms',
    ...item,
  }));
  return { apiVersion: 'netmachinery.io/v1', kind: 'ClearReport', dryRun: 'none', items: whole };
}

const options = { width: Number.POSITIVE_INFINITY, headers: true };

describe('the report of what was cleared', () => {
  it('has a line for each pod', () => {
    const text = renderClearance(report({}, { pod: 'db-0', outcome: 'nothingToClear', message: 'no shape' }), options);
    expect(text.split('\n')).toEqual([
      'NAMESPACE   POD    DONE               WHAT',
      'shop        web    cleared            delay 100ms',
      'shop        db-0   nothing to clear   no shape',
      '',
    ]);
    expect(renderClearance(report(), options)).toBe('');
  });

  it('is the names of what was or would be cleared with -o name', () => {
    const items = report({}, { pod: 'a', outcome: 'failed' }, { pod: 'b', outcome: 'wouldClear' }, { outcome: 'gone' });
    expect(clearedNames(items)).toBe('pod/web\npod/b\n');
  });
});
