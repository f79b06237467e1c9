// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { report } from '../e2e/cli.js';
import { during, hasWorked } from '../e2e/during.js';
import {
  createNamespace,
  createReady,
  deleteNamespace,
  idleProcesses,
  podManifest,
  processesOnce,
} from '../e2e/kubectl.js';
import { serverPod } from '../e2e/manifests.js';
import { expectNothingLeft } from '../e2e/nothing-left.js';
import { restoreApiServer, stopApiServer } from './outage.js';

let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace('api-server');
  await createReady(namespace, serverPod('server'), podManifest('crash'), podManifest('orderly'));
});
afterAll(async () => {
  await restoreApiServer();
  await deleteNamespace(namespace);
});

const long = ['server', '--count', '120', '--interval', '100ms', '-o', 'json'];

async function expectServesAgain(pod: string): Promise<void> {
  await expectNothingLeft(namespace, pod);
  const again = await report(['ping', '-n', namespace, pod, 'server', '--count', '2', '--interval', '20ms']);
  // In the same tool container: there is nothing to announce.
  expect(again.stderr).toBe('');
  expect(again.report.summary).toMatchObject({ total: 1, pass: 1 });
}

describe('while a run goes on, the API server', () => {
  it('crashes: that is an error at once, and what runs in the pod ends at its own limit', async () => {
    const args = ['ping', '-n', namespace, 'crash', ...long];
    const run = await during(args, hasWorked(namespace, 'crash'), () => stopApiServer('crash'));
    await restoreApiServer();
    expect(run.stderr).toMatch(/^Note: 1 pod gets [^\n]*\n$/);
    const { results } = JSON.parse(run.stdout) as Report;
    expect(results).toMatchObject([{ verdict: 'error', reason: 'ConnectionLost' }]);
    expect(run.exitCode).toBe(3);
    // The node does not close the input of a command whose API server is gone, so its leash does not tell it.
    await expect.poll(() => processesOnce(namespace, 'crash', 'idle'), { timeout: 60_000 }).toEqual(idleProcesses);
    await expectServesAgain('crash');
  });

  it('is stopped in order: it lets the run end', async () => {
    const args = ['ping', '-n', namespace, 'orderly', ...long];
    const run = await during(args, hasWorked(namespace, 'orderly'), () => stopApiServer('orderly'));
    await restoreApiServer();
    const { results } = JSON.parse(run.stdout) as Report;
    expect(results).toMatchObject([{ verdict: 'pass', received: 120 }]);
    expect(run.exitCode).toBe(0);
    await expectServesAgain('orderly');
  });
});
