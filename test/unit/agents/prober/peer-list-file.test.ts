// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PeerListFile } from '../../../../src/agents/prober/peer-list-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peer-list-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** As the kubelet's atomic writer: a new folder, and the link `..data` replaced by a rename. */
async function mount(version: string, text: string): Promise<void> {
  await mkdir(join(folder, version));
  await writeFile(join(folder, version, 'config.json'), text);
  await symlink(version, join(folder, '..data_tmp'));
  await rename(join(folder, '..data_tmp'), join(folder, '..data'));
}

it('tells of each change once, and of each new fault once, through the links of the kubelet', async () => {
  await symlink('..data/config.json', join(folder, 'config.json'));
  const file = new PeerListFile(join(folder, 'config.json'), 'a');
  expect(file.refresh()).toMatchObject({ kind: 'failed', isNew: true });
  expect(file.refresh()).toMatchObject({ kind: 'failed', isNew: false });

  await mount('one', '{"endpointsMap":{},"pollingPeriod":1000000000}');
  expect(file.refresh()).toEqual({ kind: 'changed', list: { members: [], periodMs: 1000 } });
  expect(file.refresh()).toEqual({ kind: 'unchanged' });

  await mount('two', '{"endpointsMap":{},"pollingPeriod":');
  const failed = file.refresh();
  expect(failed).toMatchObject({ kind: 'failed', isNew: true });
  expect(failed.kind === 'failed' && failed.message).toContain('config.json: the peer list is not JSON');

  await mount('three', '{"endpointsMap":{},"pollingPeriod":2000000000}');
  expect(file.refresh()).toMatchObject({ kind: 'changed', list: { periodMs: 2000 } });
});
