// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { Cache } from '../../../src/completion/cache.js';
import { cacheFolder } from '../../../src/completion/cache-folder.js';

const root = mkdtempSync(join(tmpdir(), 'netmachinery-cache-'));
afterAll(() => rmSync(root, { recursive: true }));

afterEach(() => void vi.unstubAllEnvs());

const fresh = () => mkdtempSync(join(root, 'cache-'));
const modeOf = (path: string) => statSync(path).mode & 0o777;
const offers = [{ word: 'web-0', description: 'Running' }];

describe('what is remembered', () => {
  it('is given again for seconds, to the same key, from files of the user alone', () => {
    const folder = fresh();
    const cache = new Cache(folder);
    cache.write('secret', offers);
    expect(cache.read('secret')).toEqual(offers);
    expect(cache.read('other')).toBeUndefined();
    const [name = '', ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    expect(modeOf(join(folder, name))).toBe(0o600);
  });

  it('is forgotten and removed after 10 s, or by another clock', () => {
    const folder = fresh();
    const cache = new Cache(folder);
    for (const shift of [-11, 60]) {
      cache.write('key', offers);
      const [name = ''] = readdirSync(folder);
      const time = Date.now() / 1000 + shift;
      utimesSync(join(folder, name), time, time);
      expect(cache.read('key')).toBeUndefined();
      cache.write('another', offers);
      expect(readdirSync(folder)).not.toContain(name);
    }
  });

  it('is not read through links, nor when it is something else', () => {
    const folder = fresh();
    const cache = new Cache(folder);
    cache.write('key', offers);
    const [name = ''] = readdirSync(folder);
    const elsewhere = join(fresh(), 'file');
    writeFileSync(elsewhere, JSON.stringify(offers));
    rmSync(join(folder, name));
    symlinkSync(elsewhere, join(folder, name));
    expect(cache.read('key')).toBeUndefined();
    for (const text of ['', '{', '{}', '[1]', '[{"word":1}]', 'null']) {
      rmSync(join(folder, name));
      writeFileSync(join(folder, name), text);
      expect(cache.read('key'), text).toBeUndefined();
    }
  });

  it('is done without where it cannot be', () => {
    for (const folder of [undefined, join(root, 'not/there')]) {
      const cache = new Cache(folder);
      cache.write('key', offers);
      expect(cache.read('key')).toBeUndefined();
    }
  });
});

describe('its folder', () => {
  it('is in XDG_CACHE_HOME, and the user’s alone', () => {
    const home = fresh();
    const folder = cacheFolder({ XDG_CACHE_HOME: home }, 'linux');
    expect(folder).toBe(join(home, 'netmachinery/completion'));
    expect(modeOf(folder ?? '')).toBe(0o700);
    chmodSync(folder ?? '', 0o777);
    expect(cacheFolder({ XDG_CACHE_HOME: home }, 'linux')).toBe(folder);
    expect(modeOf(folder ?? '')).toBe(0o700);
  });

  it.each(['', 'here'])('is nowhere when the user has no home (%j)', (home) => {
    vi.stubEnv('HOME', home);
    const there = readdirSync('.');
    expect(cacheFolder({}, 'linux')).toBeUndefined();
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'darwin')).toBeUndefined();
    expect(readdirSync('.')).toEqual(there);
  });

  it('is nowhere when a file is in its place', () => {
    const home = fresh();
    mkdirSync(join(home, 'netmachinery'));
    writeFileSync(join(home, 'netmachinery/completion'), '');
    expect(cacheFolder({ XDG_CACHE_HOME: home }, 'linux')).toBeUndefined();
    const linked = fresh();
    mkdirSync(join(linked, 'netmachinery'));
    symlinkSync(fresh(), join(linked, 'netmachinery/completion'));
    expect(cacheFolder({ XDG_CACHE_HOME: linked }, 'linux')).toBeUndefined();
  });
});
