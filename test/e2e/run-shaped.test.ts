// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, podManifest } from './kubectl.js';
import { serverPod } from './manifests.js';
import { ownPods } from './own-pods.js';
import { expectRefusal } from './refusal.js';
import { expectShaped, rulesOf, shapedPod } from './shapes.js';
import { SuiteFiles } from './suite-files.js';

let namespace = '';
let files: SuiteFiles;

beforeAll(async () => {
  [namespace, files] = await Promise.all([createNamespace('run-shaped'), SuiteFiles.create()]);
  await createReady(namespace, serverPod('server'), podManifest('other'), shapedPod('shaped'), shapedPod('hung-up'));
});
afterAll(() => Promise.all([deleteNamespace(namespace), files.remove()]));

const connect = { connect: { timeout: '600ms', attempts: 1 } };

describe('tests while a shape lasts', () => {
  it('are made under it, the others without it, and it is gone afterwards', async () => {
    const file = await files.networkTest(namespace, [
      {
        name: 'cut off',
        from: 'shaped',
        to: 'pod/server:8080',
        probe: connect,
        expect: 'deny',
        control: 'other',
        while: { shape: { partition: true, peers: ['pod/server'] } },
      },
      { name: 'reached', from: 'shaped', to: 'pod/server:8080', probe: connect },
    ]);
    const { report: found, exitCode } = await report(['run', '-f', file]);
    expect(found.results.map(({ test, verdict, reason }) => [test, verdict, reason])).toEqual([
      ['cut off', 'pass', 'TimedOut'],
      ['reached', 'pass', 'Connected'],
    ]);
    expect(found.results.map(({ shape }) => shape)).toEqual([
      expect.stringMatching(/^partition \(egress, peer .*pod\/server\)$/) as unknown,
      undefined,
    ]);
    expect(exitCode).toBe(0);
    expect(await rulesOf(namespace, 'shaped')).toBe('');
  });

  it('name the shape as the first thing that may have made them fail', async () => {
    const shape = { partition: true, peers: ['pod/server'] };
    const file = await files.networkTest(namespace, [
      { name: 'reached', from: 'shaped', to: 'pod/server:8080', probe: connect, while: { shape } },
    ]);
    const { stdout, exitCode } = await netmachinery(['run', '-f', file]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^under the shape "partition \(egress, peer .*pod\/server\)": reached$/m);
    const [first, second] = stdout.split('\n').filter((line) => line.startsWith('✗'));
    expect(first).toMatch(/made under the shape "partition .*which may be the cause$/);
    expect(second).toContain('timed out: ');
  });

  it('are unsupported where the kernel can not do it, and say what is missing', async () => {
    const shape = { delay: '50ms' };
    const file = await files.networkTest(namespace, [
      { name: 'late', from: 'shaped', to: 'pod/server:8080', probe: connect, while: { shape } },
      { name: 'reached', from: 'shaped', to: 'pod/server:8080', probe: connect },
    ]);
    const { report: found, exitCode } = await report(['run', '-f', file]);
    expect(found.results.map(({ test, verdict, reason }) => [test, verdict, reason])).toEqual([
      ['late', 'unsupported', 'NotSupported'],
      ['reached', 'pass', 'Connected'],
    ]);
    expect(found.results[0]?.message).toContain('sch_netem');
    expect(exitCode).toBe(5);
  });

  it('end with a terminal that closes, which says so twice, and the shape is taken back', async () => {
    await ownPods(namespace, 'hung-up');
    const ping = { count: 600 };
    const file = await files.networkTest(namespace, [
      { name: 'long', from: 'hung-up', to: 'pod/server', probe: { ping }, while: { shape: { rate: '10mbit' } } },
    ]);
    let child: ChildProcess | undefined;
    const args = ['run', '-f', file, '-o', 'json'];
    const running = netmachinery(args, { onStart: (started) => (child = started) });
    await expectShaped(namespace, 'hung-up');
    // The kernel tells the foreground processes, and the shell its jobs.
    child?.kill('SIGHUP');
    await sleep(50);
    child?.kill('SIGHUP');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect((JSON.parse(stdout) as Report).results).toMatchObject([{ test: 'long', verdict: 'error' }]);
    expect(await rulesOf(namespace, 'hung-up')).toBe('');
  });

  it('are refused before anything is touched where the shape names what is not there', async () => {
    const shape = { partition: true, peers: ['svc/nobody'] };
    const file = await files.networkTest(namespace, [
      { name: 'one', from: 'shaped', to: 'pod/server:8080', while: { shape } },
    ]);
    expectRefusal(await netmachinery(['run', '-f', file]), { exitCode: 2, error: /nobody/ });
  });
});
