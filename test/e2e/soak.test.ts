// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, it } from 'vitest';
import { report } from './cli.js';
import {
  createNamespace,
  createReady,
  deleteNamespace,
  idleProcesses,
  kubectl,
  podManifest,
  processesOnce,
} from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';

const runs = 500;
/** What the container's kernel memory and page cache may vary by without anything being left behind. */
const variationBytes = 4 * 1024 * 1024;

let namespace = '';
beforeAll(async () => {
  namespace = await createNamespace('soak');
  await createReady(namespace, serverPod('server'), podManifest('source'));
});
afterAll(() => deleteNamespace(namespace));

/** What is held in the source pod: memory of the tool container's cgroup, open sockets of the pod's network. */
async function held(): Promise<{ memoryBytes: number; sockets: number }> {
  const memory = '/sys/fs/cgroup/memory/memory.usage_in_bytes';
  const script = `test -e ${memory} && cat ${memory} || cat /sys/fs/cgroup/memory.current; head -1 /proc/net/sockstat`;
  const words = ['exec', '-n', namespace, 'source', '-c', 'netmachinery-1', '--', 'sh', '-c', script];
  const match = /^(\d+)\nsockets: used (\d+)\n$/.exec(await kubectl(words));
  return { memoryBytes: Number(match?.[1] ?? Number.NaN), sockets: Number(match?.[2] ?? Number.NaN) };
}

const run = async (index: number) => {
  const words =
    index % 2 === 0
      ? ['ping', '-n', namespace, 'source', 'server', '--count', '1']
      : ['connect', '-n', namespace, 'source', 'server:8080', '--attempts', '1'];
  const { exitCode, stderr, report: found } = await report(words);
  return exitCode === 0
    ? []
    : [`run ${index}: exit code ${String(exitCode)} ${stderr} ${JSON.stringify(found.results)}`];
};

it(`${runs} runs in a row leave one tool container, and nothing of theirs in it`, { timeout: 400_000 }, async () => {
  const failures: string[] = [];
  for (let index = 0; index < 10; index += 1) failures.push(...(await run(index)));
  const before = await held();
  for (let index = 10; index < runs; index += 1) failures.push(...(await run(index)));
  expect(failures).toEqual([]);
  expect((await ephemeralContainers(namespace))['source']).toEqual(['netmachinery-1']);
  expect(await processesOnce(namespace, 'source', 'idle')).toEqual(idleProcesses);
  const after = await held();
  expect(after.memoryBytes - before.memoryBytes).toBeLessThan(variationBytes);
  expect(after.sockets).toBeLessThanOrEqual(before.sockets);
});
