// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckReport } from '../../../../src/model/check.js';
import type { CheckRenderOptions } from '../../../../src/report/check/options.js';
import { renderCheck } from '../../../../src/report/check/render-check.js';
import { displayWidth } from '../../../../src/report/text-width.js';
import { anyCheck } from './arbitrary-check.js';
import { agent, cell, checkOf, empty, healthy, manyNodes, node, oneDirection } from './sample-checks.js';

async function table(report: CheckReport, more: Partial<CheckRenderOptions> = {}): Promise<string[]> {
  const text = await renderCheck(report, 'table', { width: 80, color: false, headers: true, ...more });
  return text.trimEnd().split('\n');
}

describe('the table of a check', () => {
  it('says first whether the network works, and then what that is of', async () => {
    expect(await table(healthy)).toEqual([
      'the network works: 2 nodes, 4 agents, 188 probes',
      '',
      'NODE    STATE   POD AGENT   HOST AGENT   CLOCK    KERNEL',
      'node1   OK      OK          OK           +12 ms   6.12.48+deb13-amd64',
      'node2   OK      OK          OK           +12 ms   6.12.48+deb13-amd64',
      '',
      'SOURCE node1 node2',
      'node1  ✓0.62 ✓0.62',
      'node2  ✓0.62 ✓0.62',
      'node to node, p95 in ms of ICMP and UDP echoes and TCP connects, all rounds; a',
      '  busy node adds to it; a node to itself: between its two agents',
      '',
      'SERVICE                                              VERDICT   FAILED   P50 MS',
      'server by name                                       ✓ pass    0/4      0.80',
      'API server                                           ✓ pass    0/4      0.80',
      'DNS 198.19.0.3 (coredns-5d79487757-mgnpf on node1)   ✓ pass    0/4      0.80',
      '',
      'verdicts of the last round, agents probe all others, large probes of 3001 bytes',
      '  (payload 1500)',
      '11 tests: 11 pass in 12.3 s',
    ]);
  });

  it('keeps long causes out of its columns: all of it stands in the findings and in wide', async () => {
    const cause = `pod cannot start: ErrImagePull: ${'failed to pull and unpack image '.repeat(9).trim()}`;
    const report = checkOf({
      nodes: [node('node1', { state: 'Absent', agents: [agent('pod', { state: 'Absent', cause }), agent('host')] })],
      findings: [
        { kind: 'agentAbsent', severity: 'failure', nodes: ['node1'], message: `no agent: ${cause}`, failed: 0 },
      ],
      outages: [{ node: 'node1', network: 'pod', state: 'Absent', from: '2026-11-22T10:20:00.000Z', cause }],
    });
    const piped = await table(report, { width: Number.POSITIVE_INFINITY });
    expect(piped).toContain(`✗ no agent: ${cause}`);
    const cells = piped.filter((line) => line.includes('pod cannot start: ErrImagePull…'));
    expect(cells).toHaveLength(2);
    for (const line of cells) expect(line.length).toBeLessThan(110);
    const wide = (await renderCheck(report, 'wide', { width: 80, color: false, headers: true })).split('\n');
    expect(wide.filter((line) => line.includes(cause))).toHaveLength(3);
  });

  it('says no more of the network than was probed', async () => {
    const cause = 'pod Pending';
    const agents = [agent('pod', { state: 'Absent', cause })];
    const none = checkOf({ nodes: [node('node1', { state: 'Absent', agents })] });
    expect((await table(none))[0]).toMatch(/^nothing was probed: /);
    const fresh = checkOf({
      mode: 'installed',
      nodes: [node('node1')],
      matrix: [cell('node1', 'node1', { verdict: 'inconclusive', sent: 0, failed: 0 })],
    });
    const lines = await table(fresh, { width: 120 });
    expect(lines[0]).toMatch(/^whether the network works is not known: /);
    expect(lines[1]).toMatch(/^no agent has reported to this server yet: they do every 15s/);
    expect(lines.at(-1)).toBe('3 tests: 2 pass, 1 inconclusive');
  });

  it('says what is wrong, worst first, with a hint, before all else', async () => {
    const lines = await table(oneDirection, { width: 110 });
    expect(lines.slice(0, 6)).toEqual([
      'the network does not work: 2 findings, 1 warning; 2 nodes, 4 agents, 192 probes',
      '✗ packets from node1 to node2 are lost, those from node2 to node1 arrive: 22 of 44 probes failed',
      '  → look at the firewall of node2 (nft list ruleset) and at routes of node1 to 198.19.1.0/24',
      '✗ http://intranet/ fails from node2',
      "! node2's clock is 3.2 s behind",
      '',
    ]);
    expect(lines).toContain('node1  ✓0.62  ✗50%');
    expect(lines).toContain('Warning: ICMP is unsupported on node2 (host): net.ipv4.ping_group_range');
    expect(lines).toContain('legacy API (netchecker): served, unauthenticated');
    expect(lines).toContain('2026-11-22 10:19:40   goes on   node2   pod     Outdated   node NotReady');
    expect(lines).toContain('2026-11-21 10:00:00   7m        node2   host    Absent     -');
    expect(lines.find((line) => line.startsWith('node2   Outdated'))).toMatch(/~92s/);
    expect(lines.findIndex((line) => line.startsWith('URL http'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('API server')),
    );
  });

  it('shows the newest five outages, and says that there are more', async () => {
    const [outage] = oneDirection.outages;
    if (outage === undefined) throw new Error('no outage');
    const lines = await table({ ...oneDirection, outages: Array.from({ length: 9 }, () => outage) });
    expect(lines.filter((line) => line.startsWith('2026-11-22'))).toHaveLength(5);
    expect(lines).toContain('… and 4 more outages: -o wide shows all of them');
  });

  it('shows the longest time where there are too few samples for a p95, and says so', async () => {
    const few = cell('node1', 'node1', { sent: 12, p95Ms: undefined, maxMs: 3.14 });
    const lines = await table({ ...healthy, nodes: [node('node1')], matrix: [few] });
    expect(lines).toContain('node1  ✓3.14');
    expect(lines.join('\n')).toContain('node to node, longest in ms (a p95 needs 20 samples) of ICMP');
  });

  it('numbers the columns of 30 nodes, and lists what fails where even that has no room', async () => {
    const wide = await table(manyNodes(30), { width: 200 });
    expect(wide[0]).toBe('the network does not work: 1 of 393 tests failed; 30 nodes, 60 agents, 14532 probes');
    expect(wide[2]).toBe('30 of 30 nodes are OK: -o wide shows all of them');
    expect(wide.find((line) => line.startsWith('SOURCE'))).toMatch(/^SOURCE +1 +2 .* 30$/);
    expect(wide.find((line) => line.startsWith(' 4 '))).toMatch(/^ 4 ip-10-0-0-103 [ .✓\d]+✗25%|✗/);
    const narrow = await table(manyNodes(30));
    expect(narrow).toContain('ip-10-0-0-103   ip-10-0-0-108   ✗ fail    11/44    0.62');
    expect(narrow).toContain('all other pairs pass: 329 of 330; -o wide shows them');
  });

  it('is short for 200 nodes: those that are not OK, and pairs that fail', async () => {
    const { nodes, ...rest } = manyNodes(200);
    const absent = nodes.map((each, index) =>
      index % 4 === 0
        ? node(each.name, { state: 'Absent', agents: [agent('pod', { state: 'Absent', cause: 'pod Pending' })] })
        : each,
    );
    for (const width of [80, 200]) {
      const lines = await table({ ...rest, nodes: absent }, { width });
      expect(lines.length).toBeLessThan(60);
      expect(lines.filter((line) => line.includes('pod Pending'))).toHaveLength(30);
      expect(lines).toContain('… and 20 more that are not OK');
    }
  });

  it('tells nodes from each other, however narrow', async () => {
    const names = ['a', 'b', 'c'].map((zone) => `a-rather-long-name-of-a-node-in-zone-${zone}-of-the-cluster`);
    const report = checkOf({
      nodes: names.map((name) => node(name, { agents: [agent('pod', { cause: 'silent' })] })),
      matrix: names.flatMap((source) => names.map((destination) => cell(source, destination))),
    });
    const lines = await table(report, { width: 100 });
    const rows = lines.filter((line) => line.startsWith('a-rather')).map((line) => line.split(/ {2,}/)[0]);
    expect(new Set(rows.slice(0, 3)).size).toBe(3);
  });

  it('has colours where they are wanted, around the same text', async () => {
    const plain = await table(oneDirection);
    for (const colorLevel of [1, 2, undefined] as const) {
      const coloured = await table(oneDirection, { color: true, colorLevel });
      const bare = coloured.map((line) => line.replaceAll(/\u001b\[[0-9;]*m/g, '').trimEnd());
      expect(bare.filter((line) => !line.startsWith(' ≤'))).toEqual(plain);
      expect(coloured.join('')).toContain(colorLevel === 2 ? '\u001b[48;5;160m' : '\u001b[41m');
    }
  });

  it('says that nothing was checked where nothing was', async () => {
    expect((await table(empty))[0]).toBe('nothing was checked: 0 nodes, 0 agents, 0 probes');
  });

  it('lists pairs without column names, which a matrix cannot do without', async () => {
    const lines = await table(healthy, { headers: false });
    expect(lines.join('\n')).not.toMatch(/NODE|SOURCE|SERVICE/);
    expect(lines.some((line) => /^node1 +node2 +✓ pass +0\/44 +0.62$/.test(line))).toBe(true);
  });

  it('is never wider than it may be, and drives no terminal', async () => {
    await fc.assert(
      fc.asyncProperty(anyCheck, fc.integer({ min: 80, max: 220 }), fc.boolean(), async (report, width, headers) => {
        const lines = await table(report, { width, headers });
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('')).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 60 },
    );
  });
});
