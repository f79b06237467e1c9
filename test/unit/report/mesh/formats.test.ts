// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { meshChanges } from '../../../../src/report/mesh/changes.js';
import { renderMeshCsv } from '../../../../src/report/mesh/csv.js';
import { renderMeshHtml } from '../../../../src/report/mesh/html.js';
import { meshNames } from '../../../../src/report/mesh/mesh.js';
import { summaryLines } from '../../../../src/report/mesh/summary.js';
import { renderMeshWide } from '../../../../src/report/mesh/wide.js';
import type { Mesh } from '../../../../src/model/mesh.js';
import { fullMesh, member, pair, reportOf } from './sample-mesh.js';

const failing: Mesh = {
  name: 'netmachinery',
  members: [member('shop/a'), member('shop/b', { read: 0, unread: 1, message: '<b>no</b>' })],
  pairs: [pair('shop/a', 'shop/b', 1, { sent: 4, failed: 3, failures: { refused: 1, timeout: 2 } })],
};

describe('a mesh', () => {
  it('is summed up in a line', () => {
    const options = { protocol: 'http', value: 'p50' } as const;
    expect(summaryLines(reportOf(fullMesh(['shop/a', 'shop/b', 'shop/c']), failing), options)).toEqual([
      'mesh netmachinery: 3 members, 6 http pairs, none failing; worst: shop/a -> shop/b, p50 20.0 ms',
      'mesh netmachinery: 2 members, 1 http pair, 1 failing, 1 prober not read; worst: shop/a -> shop/b, 3 of 4 probes failed (timeout 2, refused 1)',
    ]);
    const unknown = { ...failing, pairs: [pair('shop/a', 'shop/b', 1, { sent: 0 })] };
    expect(summaryLines(reportOf(unknown), options)[0]).toContain('0 http pairs, 1 not probed yet');
  });

  it('is a list of pairs, in which what was not read is there too', () => {
    expect(renderMeshWide(reportOf(failing), true).split('\n')).toEqual([
      'SOURCE   DESTINATION   PROTOCOL   SENT   FAILED   LOSS   MIN MS   P50 MS   P95 MS   P99 MS   MAX MS   JITTER MS   FAILURES',
      'shop/a   shop/b        http       4      ✗ 3      75%    1.00     1.00     2.00     -        3.00     0           timeout 2, refused 1',
      'shop/b   ?             ?          -      -        -      -        -        -        -        -        -           -',
      '',
    ]);
  });

  it('is CSV with a line a pair', () => {
    expect(renderMeshCsv(reportOf(failing), false)).toBe(
      'netmachinery,shop/a,shop/b,http,4,3,75,"timeout 2, refused 1",1,1,1,2,,3,0\r\n',
    );
  });

  it('is a page that loads nothing, with nothing of others as markup', () => {
    const page = renderMeshHtml(reportOf(failing), 'p50');
    expect(page).toContain('<h1>1 of 1 pairs have failures</h1>');
    expect(page).toContain('&lt;b&gt;no&lt;/b&gt;');
    expect(page).not.toMatch(/<b>no|<script|src=|url\(/);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('<td class="fail" title="shop/a to b: 1.00✗75%">1.00✗75%</td>');
    expect(page.match(/class="unread"/g)).toHaveLength(2);
  });

  it('is named by its sources', () => {
    const report = reportOf(failing, { ...failing, members: [member('shop/gone', { read: 0 })] });
    expect(meshNames(report)).toBe('pod/a\npod/b\n');
    const byWorkload = { ...failing, members: [member('shop/deploy/web')] };
    expect(meshNames({ ...reportOf(byWorkload), by: 'workload' })).toBe('deploy/web\n');
  });

  it('changes in lines that say what', () => {
    const before = reportOf(fullMesh(['shop/a', 'shop/b', 'shop/c']));
    const after = structuredClone(before);
    const options = { protocol: 'http' } as const;
    expect(meshChanges(before, after, options)).toEqual([]);
    const [mesh] = after.meshes as [Mesh];
    mesh.members = [...mesh.members.filter(({ name }) => name !== 'shop/c'), member('shop/d')];
    mesh.pairs = mesh.pairs.filter(({ source, destination }) => source !== 'shop/c' && destination !== 'shop/c');
    mesh.pairs[0] = pair('shop/a', 'shop/b', 1, { sent: 4, failed: 4 });
    mesh.pairs[1] = pair('shop/b', 'shop/a', 1, { sent: 4, failed: 1 });
    expect(meshChanges(before, after, options)).toEqual([
      '10:20:30 shop/d is read',
      '10:20:30 shop/c is gone',
      '10:20:30 shop/a -> shop/b failing: 4 of 4 probes failed (timeout 4)',
      '10:20:30 shop/b -> shop/a failing in part: 1 of 4 probes failed (timeout 1)',
    ]);
    expect(meshChanges(after, before, options)).toContain('10:20:30 shop/a -> shop/b reached: p50 20.0 ms');
  });
});
