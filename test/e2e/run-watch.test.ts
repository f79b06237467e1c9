// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { netmachinery } from './cli.js';
import {
  createNamespace,
  createReady,
  deleteNamespace,
  images,
  kubectl,
  podManifest,
  processesOnce,
} from './kubectl.js';
import { ownPods } from './own-pods.js';
import { SuiteFiles } from './suite-files.js';

let namespace = '';
let files: SuiteFiles;

beforeAll(async () => {
  [namespace, files] = await Promise.all([createNamespace('run-watch'), SuiteFiles.create()]);
  const idle = { image: images.toolbox, command: ['sleep', 'infinity'] };
  await createReady(namespace, podManifest('client'), podManifest('server', idle), podManifest('leaving'));
});
afterAll(() => Promise.all([deleteNamespace(namespace), files.remove()]));

const inServer = (script: string) => kubectl(['exec', '-n', namespace, 'server', '--', 'sh', '-c', script]);

it('a watch prints the first round, then what changes, and ends by Ctrl-C with 130', async () => {
  const file = await files.networkTest(
    namespace,
    [{ name: 'answers', from: 'client', to: 'pod/server:9090', probe: { connect: { attempts: 1 } } }],
    { frequency: '1s' },
  );
  const saved = join(files.folder, 'last.json');
  let child: ChildProcess | undefined;
  const seen = { stdout: '' };
  const running = netmachinery(['run', '-f', file, '--watch', '--json-file', saved], {
    onStart: (started) => {
      child = started;
      started.stdout?.on('data', (chunk: Buffer) => (seen.stdout += chunk.toString()));
    },
  });
  const said = (pattern: RegExp) => expect.poll(() => seen.stdout, { timeout: 30_000, interval: 100 }).toMatch(pattern);
  await said(/answers .*✗ fail +Refused/);
  await inServer('setsid nc -lkd 9090 </dev/null >/dev/null 2>&1 & echo $! >/tmp/nc');
  await said(/^\d\d:\d\d:\d\d {2}✓ pass {2}suite: answers: .*client → pod\/server:9090 fail → pass \(Connected\)$/m);
  await expect
    .poll(async () => (JSON.parse(await readFile(saved, 'utf8')) as Report).summary, { timeout: 10_000 })
    .toMatchObject({ total: 1, pass: 1 });
  await inServer('kill $(cat /tmp/nc)');
  await said(/✗ fail {2}suite: answers: .* pass → fail \(Refused\)/);
  child?.kill('SIGINT');
  const { exitCode, stdout } = await running;
  expect(exitCode).toBe(130);
  // Of all rounds after the first only what changed is told; on a busy machine that may also be how long it took.
  expect(stdout.match(/^\d\d:\d\d:\d\d {2}.*answers.* (?:fail → pass|pass → fail)/gm)).toHaveLength(2);
  await processesOnce(namespace, 'client', 'idle');
});

it('a watch goes on without a test whose pod is gone, and says so once', async () => {
  const file = await files.networkTest(
    namespace,
    [
      { name: 'stays', from: 'client', to: 'pod/server', probe: { ping: { count: 1 } } },
      { name: 'goes', from: 'client', to: 'pod/leaving', probe: { ping: { count: 1 } } },
    ],
    { frequency: '1s' },
  );
  await ownPods(namespace, 'leaving');
  const saved = join(files.folder, 'gone.json');
  const last = async () => JSON.parse(await readFile(saved, 'utf8').catch(() => '{}')) as Partial<Report>;
  let child: ChildProcess | undefined;
  const running = netmachinery(['run', '-f', file, '--watch', '--json-file', saved], {
    onStart: (started) => (child = started),
  });
  await expect.poll(async () => (await last()).summary, { timeout: 30_000 }).toMatchObject({ total: 2, pass: 2 });
  await kubectl(['delete', 'pod', '-n', namespace, 'leaving', '--grace-period=1']);
  await expect
    .poll(async () => (await last()).warnings?.join('\n'), { timeout: 30_000 })
    .toMatch(/not made: .*goes: pods "leaving" not found/);
  expect((await last()).results?.map(({ test, verdict }) => [test, verdict])).toEqual([['stays', 'pass']]);
  child?.kill('SIGINT');
  const { exitCode, stderr } = await running;
  expect(exitCode).toBe(130);
  expect(stderr.match(/^Warning: not made: .*goes/gm)).toHaveLength(1);
});
