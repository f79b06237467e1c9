// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportFiles, writeReportFiles, type ReportFileFlags } from '../../../src/commands/report-files.js';
import { connectFromOne } from '../report/sample-reports.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netmachinery-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const inFolder = (name: string) => join(folder, name);
const save = async (flags: ReportFileFlags) => writeReportFiles(connectFromOne, await reportFiles(flags));

describe('the files of a report', () => {
  it('are written together, and nothing else is', async () => {
    const names = { json: 'r.json', junit: 'r.xml', tap: 'r.tap', html: 'r.html' };
    const flags = Object.fromEntries(Object.entries(names).map(([format, name]) => [`${format}-file`, inFolder(name)]));
    const files = await reportFiles(flags);
    expect(await readdir(folder)).toEqual([]);
    await writeReportFiles(connectFromOne, files);
    expect((await readdir(folder)).sort()).toEqual(Object.values(names).sort());
    expect(JSON.parse(await readFile(inFolder('r.json'), 'utf8'))).toEqual(connectFromOne);
    expect(await readFile(inFolder('r.xml'), 'utf8')).toMatch(/^<\?xml .*<testsuites /s);
    expect(await readFile(inFolder('r.tap'), 'utf8')).toMatch(/^TAP version 14\n/);
    expect(await readFile(inFolder('r.html'), 'utf8')).toMatch(/^<!DOCTYPE html>\n/);
  });

  it('replace what was there, with the rights that it had', async () => {
    await writeFile(inFolder('r.json'), 'x'.repeat(100_000));
    await chmod(inFolder('r.json'), 0o600);
    await save({ 'json-file': inFolder('r.json') });
    expect(JSON.parse(await readFile(inFolder('r.json'), 'utf8'))).toEqual(connectFromOne);
    expect((await stat(inFolder('r.json'))).mode & 0o777).toBe(0o600);
  });

  it('are written where a link points', async () => {
    await writeFile(inFolder('r.json'), '');
    await symlink('r.json', inFolder('latest.json'));
    await save({ 'json-file': inFolder('latest.json') });
    expect(JSON.parse(await readFile(inFolder('r.json'), 'utf8'))).toEqual(connectFromOne);
    expect(await readFile(inFolder('latest.json'), 'utf8')).toContain('"kind": "Report"');
  });

  it('may be pipes and devices, which are not replaced', async () => {
    const child = spawn('sh', ['-c', `mkfifo '${inFolder('pipe')}' && echo made && cat '${inFolder('pipe')}'`]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const printed = text(child.stdout);
    await save({ 'json-file': inFolder('pipe'), 'tap-file': '/dev/null' });
    expect(JSON.parse(await printed)).toEqual(connectFromOne);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });
});

describe('a file that cannot be written is found before', () => {
  it.each<[string, (folder: string) => ReportFileFlags, string]>([
    ['stdout', () => ({ 'json-file': '-' }), '--json-file takes the name of a file'],
    ['no name', () => ({ 'html-file': '' }), '--html-file takes the name of a file'],
    ['a folder', (at) => ({ 'tap-file': at }), 'cannot be written: it is a folder'],
    ['in no folder', (at) => ({ 'json-file': join(at, 'no/such/r.json') }), 'cannot be written: no such folder'],
    [
      'in a file',
      (at) => ({ 'json-file': join(at, 'file/r.json') }),
      'cannot be written: part of the path is no folder',
    ],
    [
      'where the kernel lets nobody',
      () => ({ 'json-file': '/proc/r.json' }),
      '--json-file: "/proc/r.json" cannot be written: ',
    ],
    [
      'twice the same',
      (at) => ({ 'json-file': join(at, 'r'), 'html-file': join(at, 'sub/../r') }),
      '--json-file and --html-file name the same file',
    ],
    [
      'twice the same by a link',
      (at) => ({ 'junit-file': join(at, 'file'), 'html-file': join(at, 'link') }),
      '--junit-file and --html-file name the same file',
    ],
  ])('%s', async (_, flags, message) => {
    await writeFile(inFolder('file'), 'as it was');
    await mkdir(inFolder('sub'));
    await symlink('file', inFolder('link'));
    await expect(reportFiles(flags(folder))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message) as string,
    });
    expect(await readdir(folder)).toEqual(['file', 'link', 'sub']);
    expect(await readFile(inFolder('file'), 'utf8')).toBe('as it was');
  });
});

it('a file that cannot be written any more is named, and the others are written', async () => {
  const sub = inFolder('sub');
  await mkdir(sub);
  const files = await reportFiles({ 'json-file': join(sub, 'r.json'), 'tap-file': inFolder('r.tap') });
  await rm(sub, { recursive: true });
  await expect(writeReportFiles(connectFromOne, files)).rejects.toMatchObject({
    code: 'tool',
    message: expect.stringMatching(/^--json-file: ".*\/sub\/r\.json" could not be written: no such folder$/) as string,
  });
  expect(await readdir(folder)).toEqual(['r.tap']);
});
