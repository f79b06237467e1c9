// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBytes, replacePeerList } from '../../../../src/agents/control/peers.js';
import { proberProcesses } from '../../../../src/agents/control/stop.js';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'netmachinery-control-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('control peers', () => {
  it('writes a list that makes sense, and leaves the file as it is otherwise', async () => {
    const file = join(folder, 'a/b/config.json');
    const list = JSON.stringify({ endpointsMap: { web: { ip: '10.0.0.1', port: '19191' } }, pollingPeriod: 1e9 });
    await replacePeerList(file, list, 'shop');
    await expect(replacePeerList(file, '{"endpointsMap": 7}', 'shop')).rejects.toMatchObject({ code: 'usage' });
    expect(readFileSync(file, 'utf8')).toBe(list);
  });

  it('reads as many bytes as it is told, of a stream that goes on', async () => {
    const endless = new Readable({ read: () => undefined });
    for (const chunk of ['h\u00e9', 'llo', 'rest']) endless.push(Buffer.from(chunk));
    expect(await readBytes(endless, 6)).toBe('h\u00e9llo');
    await expect(readBytes(Readable.from([Buffer.from('ab')]), 3)).rejects.toThrow('ended after 2 of 3 bytes');
  });
});

describe('control stop', () => {
  it('finds the prober of its own container and nothing else', async () => {
    const proc = join(folder, 'proc');
    const add = (pid: number, cmdline: string[], cgroup: string) => {
      mkdirSync(join(proc, String(pid)), { recursive: true });
      writeFileSync(join(proc, String(pid), 'cmdline'), `${cmdline.join('\0')}\0`);
      writeFileSync(join(proc, String(pid), 'cgroup'), cgroup);
    };
    const agent = ['node', '/agents/netmachinery-agent.js'];
    add(1, [...agent, 'prober'], '0::/\n');
    add(2, agent, '0::/\n');
    add(3, [...agent, 'prober'], '0::/../other\n');
    add(4, [...agent, 'control', 'stop'], '0::/\n');
    add(5, ['sleep', '1'], '0::/\n');
    add(6, [...agent, 'control', 'peers', '9'], '0::/\n');
    expect((await proberProcesses(proc, 4)).sort()).toEqual([1, 2]);
  });
});
