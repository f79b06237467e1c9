// SPDX-License-Identifier: Apache-2.0
import pLimit from 'p-limit';
import { connectCluster } from '../../src/kube/connect.js';
import { createReady, podManifest } from '../e2e/kubectl.js';
import type { Bench } from './bench.js';
import { interleave, type Contender } from './comparison.js';
import { comparedRow, measuredRow, type Row } from './row.js';
import { plugin, timed, type Timed } from './timed.js';

const pods = 10_000;
const createdAtOnce = 32;
const rounds = 5;

/** A pod that no scheduler takes: an object of the usual size in the API, and no container anywhere. */
function unscheduledPod(index: number): object {
  const env = Array.from({ length: 10 }, (_, number) => ({ name: `SETTING_${number}`, value: 'x'.repeat(60) }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `crowd-${String(index).padStart(5, '0')}`, labels: { app: 'crowd' } },
    spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'example.invalid/none:1', env }] },
  };
}

async function createCrowd(namespace: string, progress: (line: string) => void, signal: AbortSignal): Promise<void> {
  const cluster = await connectCluster({});
  const limit = pLimit(createdAtOnce);
  let created = 0;
  const create = async (index: number) => {
    await cluster.create(`/api/v1/namespaces/${namespace}/pods`, unscheduledPod(index), { signal });
    created += 1;
    if (created % 1000 === 0) progress(`large: ${created} of ${pods} pods created`);
  };
  try {
    await Promise.all(Array.from({ length: pods }, (_, index) => limit(() => create(index))));
  } finally {
    cluster.close();
  }
}

/** What reading many pods costs, and what finding a few among them does, in time, memory and requests, beside kubectl. */
export const largeCluster: Bench = {
  name: 'large',
  summary: `${pods} pods in the API: time, memory and requests of finding a few of them`,
  measure: async ({ namespace: openNamespace, signal, progress }) => {
    const namespace = await openNamespace();
    await createReady(
      namespace,
      podManifest('first', { labels: { app: 'few' } }),
      podManifest('second', { labels: { app: 'few' } }),
    );
    await createCrowd(namespace, progress, signal);
    const ours = (args: readonly string[]) => plugin('executable', [args[0] ?? '', '-n', namespace, ...args.slice(1)]);
    const quick = ['--count', '1'];
    const commands = {
      'kubectl get pods -l': ['kubectl', 'get', 'pods', '-n', namespace, '-l', 'app=few'],
      'kubectl get pods -A': ['kubectl', 'get', 'pods', '-A'],
      'no such pod by label': ours(['ping', '-l', 'app=none', 'second', ...quick]),
      'ping -l': ours(['ping', '-l', 'app=few', 'second', ...quick]),
      'name that nobody has': ours(['ping', 'crowd-x', 'second', ...quick]),
      'label of all': ours(['ping', '-l', 'app=crowd', 'second', ...quick]),
      'clean -A': ours(['clean', '-A', '--dry-run', 'client']),
    };
    const results = new Map<string, Timed[]>();
    const contenders = Object.entries(commands).map(([name, command]): Contender => ({
      name,
      run: async () => {
        const result = await timed(command, { signal, anyExitCode: true, watchMemory: true });
        results.set(name, [...(results.get(name) ?? []), result]);
        return result.ms;
      },
    }));
    // The first ping adds the tool container.
    await timed(commands['ping -l'], { signal });
    const times = await interleave(contenders, rounds);
    const memory = new Map([...results].map(([name, runs]) => [name, runs.map((run) => run.peakMb ?? Number.NaN)]));
    const budget = { atMost: 150 };
    const rows: Row[] = [
      comparedRow(
        { name: 'none by label among 10,000', budget: { timesReference: 1.2 } },
        times,
        'no such pod by label',
        'kubectl get pods -l',
      ),
    ];
    for (const name of ['ping -l', 'name that nobody has', 'label of all', 'clean -A']) {
      rows.push(
        comparedRow({ name: `${name}: time` }, times, name, 'kubectl get pods -A'),
        comparedRow({ name: '  memory', unit: 'MB', budget }, memory, name, 'kubectl get pods -A'),
      );
      const { stderr } = await timed([...commands[name as keyof typeof commands], '-v', '6'], {
        signal,
        anyExitCode: true,
      });
      const requests = stderr.split('\n').filter((line) => /^(?:GET|POST|PATCH) /.test(line)).length;
      rows.push(measuredRow({ name: '  requests', unit: 'requests' }, [requests]));
    }
    return rows;
  },
};
