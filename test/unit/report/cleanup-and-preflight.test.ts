// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { CleanupReport } from '../../../src/model/cleanup.js';
import type { PreflightReport } from '../../../src/model/preflight.js';
import { ageText } from '../../../src/report/age.js';
import { cleanedNames, renderCleanup } from '../../../src/report/cleanup.js';
import { renderPreflight } from '../../../src/report/preflight.js';

const now = new Date('2026-11-21T12:00:00Z');
const report: CleanupReport = {
  apiVersion: 'netmachinery.io/v1',
  kind: 'CleanupReport',
  dryRun: 'none',
  caller: 'jane',
  items: [
    {
      kind: 'ToolContainer',
      namespace: 'shop',
      pod: 'web',
      container: 'netmachinery-1',
      caller: 'jane',
      reason: 'ticket\u001b[31m 7',
      startedAt: '2026-11-21T11:55:00Z',
      state: 'running',
      outcome: 'ended',
      message: 'its entry stays in the pod until the pod is replaced',
    },
    { kind: 'ProbePod', namespace: 'shop', pod: 'p', state: 'running', outcome: 'failed', message: 'no' },
  ],
};

describe('ages', () => {
  it.each([
    ['2026-11-21T11:59:30Z', '30s'],
    ['2026-11-21T11:55:00Z', '5m'],
    ['2026-11-21T09:00:00Z', '3h'],
    ['2026-11-09T12:00:00Z', '12d'],
    ['2026-11-21T12:00:05Z', '0s'],
    ['never', ''],
    [undefined, ''],
  ])('%s was %s ago', (startedAt, text) => {
    expect(ageText(startedAt, now)).toBe(text);
  });
});

describe('the table of clean', () => {
  it('has a line for each thing, with whose it is and what became of it, and nothing that drives a terminal', () => {
    expect(renderCleanup(report, { width: Infinity, headers: true, now }).split('\n')).toEqual([
      'NAMESPACE   POD   CONTAINER        CALLER   STATE     AGE      REASON     DONE     WHY',
      'shop        web   netmachinery-1   jane     running   5m       ticket 7   ended    its entry stays in the pod until the pod is replaced',
      'shop        p     <none>           <none>   running   <none>   <none>     failed   no',
      '',
    ]);
  });

  it('fits a terminal', () => {
    const lines = renderCleanup(report, { width: 60, headers: true, now }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines[0]).toContain('DONE');
  });

  it('is empty where there is nothing, and names only what was done', () => {
    expect(renderCleanup({ ...report, items: [] }, { width: 80, headers: true, now })).toBe('');
    expect(cleanedNames(report)).toBe('pod/web\n');
  });
});

describe('the table of preflight', () => {
  const preflight: PreflightReport = {
    apiVersion: 'netmachinery.io/v1',
    kind: 'PreflightReport',
    namespace: 'shop',
    commands: ['ping'],
    image: 'tools:1',
    summary: { ok: 1, warning: 0, failed: 1, unknown: 0 },
    checks: [
      { check: 'server version', status: 'ok', detail: 'v1.34.4' },
      { check: 'may get pods', status: 'failed', cause: 'cluster', detail: 'denied', action: 'ask for it' },
    ],
  };

  it('says of each check what was read and what to do', () => {
    expect(renderPreflight(preflight, { width: Infinity, color: false, headers: true }).split('\n')).toEqual([
      'CHECK            STATUS     DETAIL    WHAT TO DO',
      'server version   ✓ ok       v1.34.4',
      'may get pods     ✗ failed   denied    ask for it',
      '',
    ]);
  });

  it('is a list on a terminal that it is too wide for, and nothing is cut', () => {
    expect(renderPreflight(preflight, { width: 30, color: false, headers: true }).split('\n')).toEqual([
      '✓ ok  server version',
      '  v1.34.4',
      '✗ failed  may get pods',
      '  denied',
      '  → ask for it',
      '',
    ]);
  });

  it('is coloured only where that is asked for', () => {
    expect(renderPreflight(preflight, { width: 80, color: true, headers: false })).toContain('\u001b[31m✗ failed');
  });
});
