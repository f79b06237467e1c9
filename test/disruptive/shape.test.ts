// SPDX-License-Identifier: Apache-2.0
import { execFile, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ShapeReport } from '../../src/model/shaping.js';
import { during } from '../e2e/during.js';
import { createNamespace, createReady, deleteNamespace } from '../e2e/kubectl.js';
import { firstProcess, rulesOf, shapedPod } from '../e2e/shapes.js';
import { restoreApiServer, stopApiServer } from './outage.js';

const run = promisify(execFile);
let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace('shape-outage');
  await createReady(namespace, shapedPod('shaped'));
});
afterAll(async () => {
  await restoreApiServer();
  await deleteNamespace(namespace);
});

/** What tc says in the network of a process, without asking the cluster. */
async function qdiscsOf(pid: number): Promise<string> {
  return (await run('nsenter', ['--net', '--target', String(pid), 'tc', 'qdisc', 'show'])).stdout;
}

it('a shape ends in its time while the API server is away', async () => {
  const pid = await firstProcess(namespace, 'shaped', 'main');
  const args = [
    'shape',
    'shaped',
    '-n',
    namespace,
    '--rate',
    '5mbit',
    '--duration',
    '20s',
    '--no-verify',
    '-o',
    'json',
  ];
  let said = '';
  const onStart = ({ stderr }: ChildProcess) => stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  // Not as soon as the rules are there: what is not confirmed yet fails when the server goes.
  const isShaped = () => Promise.resolve(said.includes(`${namespace}/shaped: rate 5mbit`));
  const act = async () => {
    await stopApiServer('crash');
    expect(await qdiscsOf(pid)).toContain('htb 6e6d:');
    await expect.poll(() => qdiscsOf(pid), { timeout: 60_000, interval: 500 }).not.toContain('6e6d:');
    await restoreApiServer();
  };
  const ended = await during(args, isShaped, act, { onStart });
  const { results } = JSON.parse(ended.stdout) as ShapeReport;
  // It depends on how long the server is away whether we have seen the end.
  expect(['Verified', 'EffectNotMeasured', 'ConnectionLost']).toContain(results[0]?.reason);
  expect([0, 3]).toContain(ended.exitCode);
  expect(await rulesOf(namespace, 'shaped')).toBe('');
});
