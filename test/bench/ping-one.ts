// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../src/errors/failure.js';
import { createReady, getPod, images, kubectl, podManifest } from '../e2e/kubectl.js';
import type { Bench, BenchContext } from './bench.js';
import { interleave } from './comparison.js';
import { comparedRow, measuredRow } from './row.js';
import { plugin, timed } from './timed.js';

const warmRounds = 15;
const coldRounds = 7;
/** Through the loader, file capabilities do not count: without, no_new_privs lets nobody execute the toolbox's ping. */
const loader = process.arch === 'arm64' ? '/lib/ld-linux-aarch64.so.1' : '/lib64/ld-linux-x86-64.so.2';

async function makePods(namespace: string, names: readonly string[]): Promise<void> {
  await createReady(namespace, ...names.map((name) => podManifest(name)));
}

async function addressOf(namespace: string, name: string): Promise<string> {
  const { status } = await getPod(namespace, name);
  if (status?.podIP === undefined) throw new Failure('cluster', `pod ${name} has no address`);
  return status.podIP;
}

/** The name of the tool container that the plugin added to a pod. */
async function toolContainerOf(namespace: string, name: string): Promise<string> {
  const { spec } = await getPod(namespace, name);
  const container = spec.ephemeralContainers?.find((one) => one.name.startsWith('netmachinery-'));
  if (container === undefined) throw new Failure('tool', `pod ${name} has no tool container`);
  return container.name;
}

/** One echo through a tool container that runs, against kubectl exec of ping in that same container. */
export const warmPing: Bench = {
  name: 'warm-ping',
  summary: 'ping --count 1 through a running tool container; and the memory it takes',
  measure: async ({ namespace: openNamespace, signal, progress }: BenchContext) => {
    const namespace = await openNamespace();
    await makePods(namespace, ['warm-source', 'warm-destination']);
    const address = await addressOf(namespace, 'warm-destination');
    const words = ['ping', '-n', namespace, 'pod/warm-source', 'pod/warm-destination', '--count', '1'];
    await timed(plugin('executable', words), { signal });
    const container = await toolContainerOf(namespace, 'warm-source');
    const exec = ['kubectl', 'exec', '-n', namespace, 'warm-source', '-c', container, '--'];
    const ping = [loader, '/usr/bin/ping', '-n', '-c', '1', address];
    progress(`warm-ping: ${warmRounds} rounds`);
    const command = (name: string, argv: readonly string[]) => ({
      name,
      run: async () => (await timed(argv, { signal })).ms,
    });
    const contenders = [
      command('kubectl exec ping -c 1', [...exec, ...ping]),
      command('kubectl exec true', [...exec, 'true']),
      command('executable', plugin('executable', words)),
      command('node', plugin('node', words)),
    ];
    await interleave(contenders, 1);
    const costs = await interleave(contenders, warmRounds);
    const memory = async (run: () => Promise<{ peakMb?: number | undefined }>) => (await run()).peakMb ?? Number.NaN;
    const peaks = await interleave(
      [
        {
          name: 'ping',
          run: () => memory(() => timed(plugin('executable', words), { signal, watchMemory: true })),
        },
        {
          name: 'kubectl exec ping -c 1',
          run: () => memory(() => timed([...exec, ...ping], { signal, watchMemory: true })),
        },
      ],
      5,
    );
    const reference = 'kubectl exec ping -c 1';
    return [
      comparedRow({ name: 'warm ping, executable', budget: { timesReference: 1 } }, costs, 'executable', reference),
      comparedRow({ name: 'warm ping, Node.js' }, costs, 'node', reference),
      measuredRow({ name: 'kubectl exec true' }, costs.get('kubectl exec true') ?? []),
      comparedRow({ name: 'memory of a warm ping', unit: 'MB', budget: { atMost: 150 } }, peaks, 'ping', reference),
    ];
  },
};

/** One echo from a pod that nobody has entered before, against kubectl debug with the same image; new pods each round. */
export const coldPing: Bench = {
  name: 'cold-ping',
  summary: 'ping --count 1 with a new tool container',
  measure: async ({ namespace: openNamespace, signal, progress }: BenchContext) => {
    const namespace = await openNamespace();
    const rounds = Array.from({ length: coldRounds }, (_, round) => round);
    const source = (kind: string, round: number) => `cold-${kind}-${round}`;
    progress(`cold-ping: ${2 * coldRounds} new pods`);
    await makePods(namespace, [
      'cold-destination',
      ...rounds.flatMap((round) => [source('ours', round), source('debug', round)]),
    ]);
    const address = await addressOf(namespace, 'cold-destination');
    progress(`cold-ping: ${coldRounds} rounds`);
    const debug = ['kubectl', 'debug', '-n', namespace, '--quiet', '--attach', '--image-pull-policy=IfNotPresent'];
    const costs = await interleave(
      [
        {
          name: 'executable',
          run: async (round) => {
            const words = ['ping', '-n', namespace, `pod/${source('ours', round)}`, 'pod/cold-destination'];
            return (await timed(plugin('executable', [...words, '--count', '1']), { signal })).ms;
          },
        },
        {
          name: 'kubectl debug --attach ping -c 1',
          run: async (round) => {
            const pod = `pod/${source('debug', round)}`;
            const ping = ['ping', '-n', '-c', '1', address];
            return (await timed([...debug, `--image=${images.toolbox}`, pod, '--', ...ping], { signal })).ms;
          },
        },
      ],
      coldRounds,
    );
    await kubectl(['delete', 'pod', '-n', namespace, '--all', '--wait=false']);
    return [
      comparedRow(
        { name: 'cold ping, executable', budget: { timesReference: 0.5 } },
        costs,
        'executable',
        'kubectl debug --attach ping -c 1',
      ),
    ];
  },
};
