// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { configPath, imageWithoutFile } from '../../../src/config-path.js';
import { readSettingsFile } from '../../../src/settings/read-file.js';
import { resolveSetting } from '../../../src/settings/resolve.js';
import { unknownVariables } from '../../../src/settings/unknown-variables.js';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'netmachinery-config-'))));
afterAll(() => rm(folder, { recursive: true }));

async function named(name: string, content: string | Buffer): Promise<NodeJS.ProcessEnv> {
  const path = join(folder, name);
  await writeFile(path, content);
  return { NETMACHINERY_CONFIG: path };
}

describe('the path', () => {
  it("is in the folder that the user's system has for settings, but for a file that is named", () => {
    expect(configPath({ XDG_CONFIG_HOME: '/x' }, 'linux')).toBe('/x/netmachinery/config.yaml');
    expect(configPath({}, 'darwin')).toMatch(/\/\.config\/netmachinery\/config\.yaml$/);
    expect(configPath({ XDG_CONFIG_HOME: 'x' }, 'linux')).toMatch(/\/\.config\/netmachinery\/config\.yaml$/);
    expect(configPath({ APPDATA: '/roaming', XDG_CONFIG_HOME: '/x' }, 'win32')).toBe(
      '/roaming/netmachinery/config.yaml',
    );
    expect(configPath({ XDG_CONFIG_HOME: '/x', NETMACHINERY_CONFIG: 'ci.yaml' }, 'linux')).toBe('ci.yaml');
    expect(configPath({ XDG_CONFIG_HOME: '/x', NETMACHINERY_CONFIG: '' }, 'linux')).toBe('/x/netmachinery/config.yaml');
  });

  it('is not where the user happens to be who has no home', () => {
    vi.stubEnv('HOME', '');
    expect(configPath({}, 'linux')).toBe('/.config/netmachinery/config.yaml');
    vi.unstubAllEnvs();
  });
});

describe('the file', () => {
  it('need not be there, unless it is named', async () => {
    const environment = { XDG_CONFIG_HOME: folder };
    const path = join(folder, 'netmachinery/config.yaml');
    expect(await readSettingsFile(environment)).toEqual({ path, isThere: false, entries: new Map() });
    await mkdir(join(folder, 'netmachinery'), { recursive: true });
    await writeFile(path, 'color: never\n');
    const entries = new Map([['color', { text: 'never', line: 1 }]]);
    expect(await readSettingsFile(environment)).toEqual({ path, isThere: true, entries });
    expect(await readSettingsFile({ ...environment, NETMACHINERY_CONFIG: '/dev/null' })).toMatchObject({
      path: '/dev/null',
      entries: new Map(),
    });
    await expect(readSettingsFile({ NETMACHINERY_CONFIG: join(folder, 'none') })).rejects.toMatchObject({
      code: 'usage',
      message: `${join(folder, 'none')} cannot be read: there is no such file`,
    });
  });

  it('is refused where it is a folder, too large or no text', async () => {
    await expect(readSettingsFile({ NETMACHINERY_CONFIG: folder })).rejects.toThrow('cannot be read: it is a folder');
    await mkdir(join(folder, 'folder/netmachinery/config.yaml'), { recursive: true });
    await expect(readSettingsFile({ XDG_CONFIG_HOME: join(folder, 'folder') })).rejects.toMatchObject({
      hint: 'set NETMACHINERY_CONFIG to /dev/null for no settings',
    });
    const large = await named('large.yaml', '#'.repeat(70_000));
    await expect(readSettingsFile(large)).rejects.toThrow('too large for settings');
    await expect(readSettingsFile({ NETMACHINERY_CONFIG: '/dev/zero' })).rejects.toThrow('too large for settings');
    const utf16 = await named('utf16.yaml', Buffer.from('\ufeffimage: a', 'utf16le'));
    await expect(readSettingsFile(utf16)).rejects.toThrow('not a text in UTF-8');
    const marked = await named('bom.yaml', '\ufeffimage: a');
    expect([...(await readSettingsFile(marked)).entries.keys()]).toEqual(['image']);
  });
});

describe('a setting', () => {
  it("is the variable's, else the file's, else what everybody has", async () => {
    const environment = await named('some.yaml', 'toolTimeout: 2m\nmaxPods: 7\n');
    const file = await readSettingsFile(environment);
    const variable = 'NETMACHINERY_TOOL_TIMEOUT';
    expect(resolveSetting('toolTimeout', { [variable]: '3m' }, file)).toEqual({
      value: 180_000,
      text: '3m',
      origin: { from: 'environment', variable },
    });
    expect(resolveSetting('toolTimeout', { [variable]: '' }, file)).toEqual({
      value: 120_000,
      text: '2m',
      origin: { from: 'file', file: file.path, line: 1 },
    });
    expect(resolveSetting('concurrency', {}, file)).toEqual({ value: 32, text: '32', origin: { from: 'default' } });
    expect(resolveSetting('idle', {}, file)).toBeUndefined();
    expect(() => resolveSetting('toolTimeout', { [variable]: 'soon' }, file)).toThrow(
      'invalid value "soon" for NETMACHINERY_TOOL_TIMEOUT: not a duration',
    );
  });

  it('has another default in some commands, and what a user settles counts there as well', async () => {
    const none = await readSettingsFile({ NETMACHINERY_CONFIG: '/dev/null' });
    expect(resolveSetting('maxPods', {}, none, 'ping')?.value).toBe(10);
    expect(resolveSetting('maxPods', {}, none, 'run')?.value).toBe(100);
    const some = await readSettingsFile(await named('pods.yaml', 'maxPods: 7\n'));
    expect(resolveSetting('maxPods', {}, some, 'run')?.value).toBe(7);
  });
});

describe('the image', () => {
  it('is known without the parser only where there is no file and nothing wrong', async () => {
    const nowhere = { XDG_CONFIG_HOME: join(folder, 'nowhere') };
    expect(imageWithoutFile({ ...nowhere, NETMACHINERY_IMAGE: 'a:1' })).toBe('a:1');
    expect(imageWithoutFile({ ...nowhere, NETMACHINERY_IMAGE: '' })).toMatch(/netshoot/);
    expect(imageWithoutFile({ ...nowhere, NETMACHINERY_IMAGE: 'a b' })).toBeUndefined();
    expect(imageWithoutFile({ ...nowhere, NETMACHINERY_CONFIG: join(folder, 'none') })).toBeUndefined();
    expect(imageWithoutFile(await named('here.yaml', ''))).toBeUndefined();
  });
});

describe('variables', () => {
  it('that look like ours are known, but for those of tests', () => {
    const environment = { NETMACHINERY_IMAGE: 'a', NETMACHINERY_CONFIG: 'b', NETMACHINERY_TEST_HOME: 'c', HOME: '/' };
    expect(unknownVariables(environment)).toEqual([]);
    const ofServices = ['SERVICE_HOST', 'PORT', 'PORT_443_TCP_ADDR', 'WEBHOOK_SERVICE_PORT_HTTPS', 'WEBHOOK_PORT'];
    const links = ofServices.map((name) => [`NETMACHINERY_${name}`, 'x']);
    expect(unknownVariables(Object.fromEntries(links) as NodeJS.ProcessEnv)).toEqual([]);
    expect(unknownVariables({ NETMACHINERY_IMGAE: 'a', NETMACHINERY_X: '', netmachinery_color: 'never' })).toEqual([
      { variable: 'NETMACHINERY_IMGAE', nearest: 'NETMACHINERY_IMAGE' },
      { variable: 'NETMACHINERY_X', nearest: undefined },
      { variable: 'netmachinery_color', nearest: 'NETMACHINERY_COLOR' },
    ]);
  });
});
