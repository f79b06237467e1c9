// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMeshTable } from '../../../../src/report/mesh/mesh.js';
import type { MeshTableOptions } from '../../../../src/report/mesh/table-options.js';
import { displayWidth } from '../../../../src/report/text-width.js';
import type { Mesh } from '../../../../src/model/mesh.js';
import { fullMesh, member, pair, reportOf } from './sample-mesh.js';

type Options = Omit<MeshTableOptions, 'sinceMs'>;

const options: Options = { protocol: 'http', value: 'p50', width: 80, color: 0, headers: true };
const table = (mesh: Mesh, more: Partial<Options> = {}) =>
  renderMeshTable(reportOf(mesh), { ...options, ...more }, 30_000)
    .trimEnd()
    .split('\n');
const names = (count: number) => Array.from({ length: count }, (_, each) => `shop/web-845ddc48dd-rxl${100 + each}`);

describe('the heat map of a mesh', () => {
  it('has sources down and destinations across, and says what its signs mean', () => {
    const mesh: Mesh = {
      name: 'netmachinery',
      members: [
        member('shop/web-0'),
        member('shop/web-1', { read: 0, unread: 1, message: 'no' }),
        member('bank/web-0'),
        member('shop/gone', { read: 0, left: true }),
      ],
      pairs: [
        pair('shop/web-0', 'shop/web-1', 0.52),
        pair('shop/web-0', 'bank/web-0', 1.5, { sent: 30, failed: 3 }),
        pair('shop/web-0', 'shop/gone', 1, { sent: 8, failed: 8 }),
        pair('bank/web-0', 'shop/web-1', 1, { sent: 0 }),
      ],
    };
    expect(table(mesh, { width: 200 })).toEqual([
      'SOURCE     shop/web-0 web-1 bank/web-0  gone',
      'shop/web-0             0.52   1.50✗10% ✗100%',
      'web-1               ?     ?          ?     ?',
      'bank/web-0          -     -                -',
      '',
      'http, median in ms, last 30s; ✗ probes fail, and how many; - not probed; ? prober not read; not in the peer lists any more: gone',
    ]);
    expect(table(mesh, { width: 200, value: 'loss' })[1]).toBe('shop/web-0               0%       ✗10% ✗100%');
    expect(table(mesh, { width: 200, value: 'p99' })[1]).toBe('shop/web-0              few    few✗10% ✗100%');
    expect(table(mesh, { width: 200, protocol: 'icmp' })[1]).toMatch(/^shop\/web-0 +- +- +-$/);
  });

  it('numbers its columns where their names have no room, and is a list of the worst pairs where those have none', () => {
    const ten = table(fullMesh(names(10)));
    expect(ten[0]).toMatch(/^SOURCE +1 +2 +3 .* 10$/);
    expect(ten[1]).toMatch(/^ 1 web-.*100 +20\.0 +0\.50 /);
    expect(ten.slice(1, 11)).toHaveLength(10);
    expect(table(fullMesh(names(10)), { width: 200 })[0]).toMatch(/^SOURCE +web/);
    const forty = table(fullMesh(names(40)));
    expect(forty[0]).toMatch(/^SOURCE +DESTINATION +LOSS +P50 MS/);
    expect(forty[1]).toMatch(/rxl100 +web-.*rxl101 +0% +20\.0/);
    expect(forty.at(-1)).toBe('the worst 15 of 1560 pairs; -o wide shows all of them');
  });

  it('names in a line below what is a column and no row', () => {
    const mesh = fullMesh(names(9));
    mesh.members.push(member('shop/gone-for-good', { read: 0, left: true }));
    mesh.pairs.push(pair(names(1)[0] ?? '', 'shop/gone-for-good', 1, { sent: 3, failed: 3 }));
    const lines = table(mesh, { width: 90 });
    expect(lines).toContain('columns: 10 gone-for-good');
    expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain('not in the peer lists any more: gone-for-good');
  });

  it('colours what stands out, and failures in red; the text is the same', () => {
    const mesh = fullMesh(names(3));
    mesh.pairs.push(pair(names(1)[0] ?? '', names(3)[2] ?? '', 1, { sent: 2, failed: 2 }));
    for (const color of [1, 2] as const) {
      const coloured = table(mesh, { color, width: 120 });

      const plain = coloured.map((line) => line.replaceAll(/\u001b\[[0-9;]*m/g, '').trimEnd());
      expect(plain.slice(0, 4)).toEqual(table(mesh, { width: 120 }).slice(0, 4));
      expect(coloured[1]).toContain(color === 2 ? '\u001b[48;5;160m' : '\u001b[41m');
      expect(coloured[1]).toContain(color === 2 ? '\u001b[48;5;91m' : '\u001b[45m');
    }
  });

  it('is never wider than the terminal, and tells every member from the others', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}[a-z0-9]$/);
    const anyNames = fc.uniqueArray(
      fc.tuple(fc.constantFrom('shop', 'bank', 'a-long-namespace'), name).map((words) => words.join('/')),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(anyNames, fc.integer({ min: 60, max: 220 }), (found, width) => {
        const lines = table(fullMesh(found), { width });
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        const [header = '', ...rest] = lines;
        if (header.includes('DESTINATION')) return;
        const rows = rest.slice(0, found.length).map((line) => line.slice(0, 12 + line.slice(12).indexOf('  ')));
        expect(new Set(rows).size).toBe(rows.length);
        expect(header.trim().split(/ +/)).toHaveLength(found.length + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('prints nothing that drives a terminal', () => {
    const mesh = fullMesh(['shop/\u001b[31mred', 'shop/\u0007bell']);

    expect(table(mesh).join('\n')).not.toMatch(/[\u001b\u0007]/);
  });
});
