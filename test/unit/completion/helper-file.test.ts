// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { installedText, installHelper, removeHelper } from '../../../src/completion/helper-file.js';
import windowsHelper from '../../../src/completion/shells/kubectl_complete-netmachinery.cmd';
import helper from '../../../src/completion/shells/kubectl_complete-netmachinery.sh';

const root = mkdtempSync(join(tmpdir(), 'netmachinery-helper-'));
afterAll(() => rmSync(root, { recursive: true }));
const name = 'kubectl_complete-netmachinery';

/** A folder on PATH; with the plugin in it unless said otherwise. */
function onPath({ plugin = true } = {}) {
  const folder = mkdtempSync(join(root, 'bin-'));
  if (plugin) writeFileSync(join(folder, 'kubectl-netmachinery'), '#!/bin/sh\n', { mode: 0o755 });
  return { folder, place: { folder: undefined, environment: { PATH: folder }, platform: 'linux' as const } };
}

it('is the file that releases have in bin', () => {
  const bin = join(import.meta.dirname, '../../../bin');
  expect(readFileSync(join(bin, name), 'utf8')).toBe(helper);
  expect(statSync(join(bin, name)).mode & 0o111).toBe(0o111);
  expect(readFileSync(join(bin, `${name}.cmd`), 'utf8')).toBe(windowsHelper);
  expect(windowsHelper.split('\n').every((line) => line === '' || line.endsWith('\r'))).toBe(true);
});

it('is put beside the plugin, once, updated and removed', () => {
  const { folder, place } = onPath();
  const path = join(folder, name);
  expect(installHelper({ ...place, force: false })).toEqual({ path, done: 'installed' });
  expect(readFileSync(path, 'utf8')).toBe(installedText('linux'));
  expect(statSync(path).mode & 0o777).toBe(0o755);
  expect(installHelper({ ...place, force: false }).done).toBe('there already');
  writeFileSync(path, installedText('linux').replace('echo :4', 'echo :0'));
  expect(installHelper({ ...place, force: false }).done).toBe('updated');
  expect(removeHelper(place)).toEqual({ path, done: 'removed' });
  expect(removeHelper(place).done).toBe('not there');
});

it('leaves alone what others have put there', () => {
  const { folder, place } = onPath();
  const path = join(folder, name);
  writeFileSync(path, 'mine');
  expect(() => installHelper({ ...place, force: false })).toThrow(`${path} is not ours`);
  expect(() => removeHelper(place)).toThrow(`${path} is not ours: it stays`);
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect(installHelper({ ...place, force: true }).done).toBe('installed');
  writeFileSync(path, helper);
  expect(installHelper({ ...place, force: true }).done).toBe('came with the release');
  expect(() => removeHelper(place)).toThrow('came with the release: it stays');
});

it('goes into a folder of PATH only', () => {
  const { folder, place } = onPath({ plugin: false });
  expect(() => installHelper({ ...place, force: false })).toThrow('in none of the folders of PATH');
  expect(() => installHelper({ ...place, folder: root, force: false })).toThrow('is not on PATH');
  expect(() => installHelper({ ...place, folder: '', force: false })).toThrow('"" is not on PATH');
  expect(installHelper({ ...place, folder: `${folder}/.`, force: false }).done).toBe('installed');
  const passing = join(mkdtempSync(join(root, 'npx-')), 'node_modules/.bin');
  mkdirSync(passing, { recursive: true });
  writeFileSync(join(passing, 'kubectl-netmachinery'), '', { mode: 0o755 });
  expect(() => installHelper({ ...place, environment: { PATH: passing }, force: false })).toThrow(
    'none of the folders',
  );
});

it('tells of another one that is found first', () => {
  const first = onPath({ plugin: false });
  const second = onPath();
  writeFileSync(join(first.folder, name), 'mine');
  chmodSync(join(first.folder, name), 0o755);
  const environment = { PATH: `${first.folder}:${second.folder}` };
  const { done, hiddenBy } = installHelper({ ...second.place, environment, force: false });
  expect({ done, hiddenBy }).toEqual({ done: 'installed', hiddenBy: join(first.folder, name) });
});

it('is in none of the places of PATH that are no folder, or closed', () => {
  const { folder, place } = onPath();
  const file = join(folder, 'kubectl-netmachinery');
  const environment = { PATH: `${file}:${join(root, 'absent')}:${'x'.repeat(300)}:${folder}` };
  expect(removeHelper({ ...place, environment })).toEqual({ path: name, done: 'not there' });
  expect(removeHelper({ ...place, environment, folder })).toEqual({ path: join(folder, name), done: 'not there' });
  expect(installHelper({ ...place, environment, force: false })).toEqual({
    path: join(folder, name),
    done: 'installed',
  });
});

it('leaves nothing behind where it cannot be put', () => {
  const { folder, place } = onPath();
  mkdirSync(join(folder, name, 'full'), { recursive: true });
  expect(() => installHelper({ ...place, force: true })).toThrow(`cannot write ${join(folder, name)}`);
  expect(readdirSync(folder).sort()).toEqual(['kubectl-netmachinery', name]);
});

it('is a .cmd on Windows', () => {
  const { folder, place } = onPath({ plugin: false });
  const outcome = installHelper({ ...place, platform: 'win32', folder, force: false });
  expect(outcome.path).toBe(join(folder, `${name}.cmd`));
  expect(readFileSync(outcome.path, 'utf8')).toMatch(/^@echo off\r\n[^]*rem Put here by [^\n]*\r\n$/);
});
