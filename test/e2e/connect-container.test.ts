// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, podManifest } from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';
import { hintsOf, resultOf } from './results.js';

let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace('connect-container');
  const distroless = { containers: [{ name: 'app', image: images.static }] };
  await createReady(
    namespace,
    serverPod('server'),
    podManifest('busybox', { image: images.busybox, command: ['sleep', '2147483647'] }),
    podManifest('toolbox', { image: images.toolbox, command: ['sleep', '2147483647'] }),
    podManifest('distroless', { spec: distroless }),
  );
});

// Whatever is tried with -c, no pod of this namespace gets anything.
afterAll(async () => {
  expect(await ephemeralContainers(namespace)).toEqual({});
  await deleteNamespace(namespace);
});

const connect = (...args: string[]) => report(['connect', '-n', namespace, ...args]);

it('connects with the tools of a container of the pod', async () => {
  const run = await connect('toolbox', '-c', 'main', 'pod/server:8080,81');
  expect(run.exitCode).toBe(1);
  expect(run.stderr).not.toContain('ephemeral');
  expect(resultOf(run.report, { port: 8080 })).toMatchObject({ verdict: 'pass', reason: 'Connected' });
  expect(resultOf(run.report, { port: 8080 }).rttMs?.min).toBeGreaterThan(0);
  expect(resultOf(run.report, { port: 81 }).reason).toBe('Refused');
});

it("makes do with busybox's shell and nc, without times that it could not measure", async () => {
  const { report: found, exitCode } = await connect('busybox', '-c', 'main', 'pod/server:8080,81');
  expect(exitCode).toBe(1);
  const open = resultOf(found, { port: 8080 });
  expect(open).toMatchObject({ verdict: 'pass', reason: 'Connected', attempts: 3, message: 'connected' });
  expect(open.rttMs).toBeUndefined();
  expect(open.attemptResults).toEqual([{ reason: 'Connected' }, { reason: 'Connected' }, { reason: 'Connected' }]);
  expect(resultOf(found, { port: 81 }).reason).toBe('Refused');
});

it('needs no more than the shell of a small application image', async () => {
  const { report: found, exitCode } = await connect('server', '-c', 'main', 'pod/busybox:81', 'pod/server:8080');
  expect(exitCode).toBe(1);
  expect(found.results.map(({ reason }) => reason)).toEqual(['Refused', 'Connected']);
  expect(found.results.some(({ rttMs }) => rttMs !== undefined)).toBe(false);
});

it('cannot run anything in a container that has not even a shell', async () => {
  const { report: found, exitCode } = await connect('distroless', '-c', 'app', 'pod/server:8080');
  expect(exitCode).toBe(3);
  expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ToolMissing', attempts: 0 });
  expect(hintsOf(found, found.results[0])).toEqual([expect.stringContaining('--image')]);
});

it('refuses a container that the pod does not have, and names those it has', async () => {
  const run = await netmachinery(['connect', '-n', namespace, 'distroless', '-c', 'main', 'pod/server:8080']);
  expect(run.stdout).toBe('');
  expect(run.stderr).toContain('container main not found in pod distroless\nhint: its container is app');
  expect(run.exitCode).toBe(2);
});
