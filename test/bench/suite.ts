// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { Failure } from '../../src/errors/failure.js';
import type { Report } from '../../src/model/report.js';
import { createReady, images, kubectl, podManifest } from '../e2e/kubectl.js';
import type { Bench, BenchContext } from './bench.js';
import { comparedRow, measuredRow, type Row } from './row.js';
import { plugin, timed } from './timed.js';

const pods = 30;
const netassertTests = 30;
const warmRounds = 3;
/** A file of shell commands would do as many at a time on two processors. */
const kubectlAtOnce = 8;

const named = (name: string) => Array.from({ length: pods }, (_, index) => `${name}-${String(index).padStart(2, '0')}`);

/** Every pod to every other one by ICMP and TCP, in one file. */
function gridSuite(namespace: string): string {
  const test = { from: { selector: 'app=suite' }, mode: 'all' };
  return JSON.stringify({
    apiVersion: 'netmachinery.io/v1',
    kind: 'NetworkTest',
    metadata: { name: 'grid', namespace },
    spec: {
      tests: [
        { ...test, name: 'icmp', to: { selector: 'app=suite' }, probe: 'ping' },
        { ...test, name: 'tcp', to: { selector: 'app=suite', ports: [8080] }, probe: 'connect' },
      ],
    },
  });
}

/** Tests as netassert v2 takes them, three from each of ten pods. */
function netassertFile(namespace: string, names: readonly string[]): string {
  const pod = (name: string) => ({ k8sResource: { kind: 'pod', name, namespace } });
  return JSON.stringify(
    Array.from({ length: netassertTests }, (_, index) => ({
      name: `test-${index}`,
      type: 'k8s',
      protocol: 'tcp',
      targetPort: 8080,
      timeoutSeconds: 15,
      attempts: 3,
      exitCode: 0,
      src: pod(names[index % 10] ?? ''),
      dst: pod(names[10 + (index % 20)] ?? ''),
    })),
  );
}

async function runFile(file: string, namespace: string, tests: number, signal: AbortSignal): Promise<number> {
  const { ms, stdout } = await timed(plugin('executable', ['run', '-n', namespace, '-f', file, '-o', 'json']), {
    signal,
    anyExitCode: true,
  });
  const { summary } = JSON.parse(stdout) as Report;
  if (summary.pass < Math.max(summary.total, tests)) {
    throw new Failure('tool', `${file}: ${summary.pass} of ${summary.total} tests passed`);
  }
  return ms;
}

/** The same connects as a script would make them: an exec each. */
async function execLoop(namespace: string, names: readonly string[]): Promise<number> {
  const limit = pLimit(kubectlAtOnce);
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: netassertTests }, (_, index) =>
      limit(() => {
        const words = ['exec', '-n', namespace, names[index % 10] ?? '', '-c', 'netmachinery-1'];
        return kubectl([...words, '--', 'nc', '-z', '-w', '2', '127.0.0.1', '8080']);
      }),
    ),
  );
  return performance.now() - startedMs;
}

async function inFolder(context: BenchContext, folder: string): Promise<Row[]> {
  const { namespace: openNamespace, signal, progress } = context;
  const namespace = await openNamespace();
  const measure = async (labels: Record<string, string>, names: readonly string[], act: () => Promise<number>) => {
    progress(`suite: ${pods} new pods`);
    await createReady(namespace, ...names.map((name) => podManifest(name, { image: images.web, labels })));
    const times: number[] = [];
    for (let round = 0; round <= warmRounds; round++) {
      progress(`suite: ${round === 0 ? 'cold' : `warm, round ${round} of ${warmRounds}`}`);
      times.push(await act());
    }
    return times;
  };
  const gridFile = join(folder, 'grid.json');
  await writeFile(gridFile, gridSuite(namespace));
  const grid = await measure({ app: 'suite' }, named('suite'), () =>
    runFile(gridFile, namespace, 2 * pods * (pods - 1), signal),
  );
  await kubectl(['delete', 'pod', '-n', namespace, '-l', 'app=suite', '--wait=true']);
  const names = named('netassert');
  const file = join(folder, 'netassert.json');
  await writeFile(file, netassertFile(namespace, names));
  const netassert = await measure({ app: 'netassert' }, names, () => runFile(file, namespace, netassertTests, signal));
  const loops: number[] = [];
  for (let round = 1; round <= warmRounds; round++) loops.push(await execLoop(namespace, names));
  await kubectl(['delete', 'pod', '-n', namespace, '-l', 'app=netassert', '--wait=false']);
  const reference = `kubectl exec, ${kubectlAtOnce} at once`;
  const costs = new Map([
    ['run -f', netassert.slice(1)],
    [reference, loops],
  ]);
  return [
    measuredRow({ name: 'suite, 1,740 tests, cold', budget: { atMost: 20_000 } }, grid.slice(0, 1)),
    measuredRow({ name: 'suite, 1,740 tests, warm', budget: { atMost: 10_000 } }, grid.slice(1)),
    measuredRow({ name: 'netassert file of 30, cold', budget: { atMost: 8000 } }, netassert.slice(0, 1)),
    measuredRow({ name: 'netassert file of 30, warm', budget: { atMost: 2000 } }, netassert.slice(1)),
    comparedRow({ name: '  the same by execs' }, costs, 'run -f', reference),
  ];
}

/** Files of tests through `run`: the grid, and a file that netassert itself takes 21-31 s for. */
export const suite: Bench = {
  name: 'suite',
  summary: 'files of tests: 1,740 by ICMP and TCP, and 30 of netassert',
  measure: async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'netmachinery-bench-'));
    try {
      return await inFolder(context, folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
