// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cluster } from '../../src/kube/cluster.js';
import { connectCluster } from '../../src/kube/connect.js';
import type { Pod } from '../../src/kube/objects.js';
import { podPath } from '../../src/kube/tool-container-patch.js';
import { kernelFeatures } from '../../src/shaping/pod-network.js';
import { runningPod } from '../integration/kube/namespace.js';
import { adminExec, networkOf, planOf, record, shaperIn } from '../integration/shaping/places.js';
import { onEachBoot } from './each-boot.js';

let cluster: Cluster;
let namespace: string;
let shaped: Pod;

beforeAll(async () => {
  cluster = await connectCluster({});
});
afterAll(() => cluster.close());
onEachBoot('pod-shaper', async (own) => {
  namespace = own;
  shaped = await runningPod(cluster, namespace, { name: 'shaped', node: 'node2' });
});

it('a kernel with everything but the netdev family of nft is found to have it', async () => {
  const before = await networkOf(cluster, shaped);
  const { shaper } = await shaperIn(cluster, shaped);
  const found = await shaper.inspect(['kubernetes.default']);
  expect(found.supports).toEqual(new Set(kernelFeatures.filter((feature) => !feature.startsWith('nft'))));
  expect([...found.missing.keys()]).toEqual(['nft', 'nftNumgen']);
  expect(found.missing.get('nft')).toContain('Operation not supported');
  expect(found.hosts.get('kubernetes.default')).toHaveLength(1);
  expect(await networkOf(cluster, shaped)).toBe(before);
});

it('a change in place loses no packet', async () => {
  const { shaper } = await shaperIn(cluster, shaped);
  // Where this is tried again, the last try may have left its shape.
  await shaper.clear(undefined);
  const before = await networkOf(cluster, shaped);
  const peer = await runningPod(cluster, namespace, { name: 'peer' });
  const address = (await cluster.get<Pod>(podPath(peer))).status?.podIP ?? '';
  const first = record();
  const plan = planOf('netem limit 10000 delay 50ms');
  expect(await shaper.install(plan, first, 600)).toMatchObject({ outcome: 'installed' });

  const pinging = adminExec(cluster, shaped, `ping -n -q -i 0.01 -c 1200 -W 3 ${address}`);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const second = record();
  const outcome = await shaper.change(
    first.token,
    {
      tc: [
        'qdisc change dev eth0 parent 6e6d:1 handle 6e6e: netem limit 10000 delay 80ms 0ms 0% loss 0% 0% duplicate 0% 0% corrupt 0% 0% reorder 0% 0% rate 0bit slot 0ms 0ms',
        'filter add dev eth0 parent 6e6d: protocol ip pref 200 u32 match u32 0 0 flowid 6e6d:1',
        'filter del dev eth0 parent 6e6d: protocol ip pref 100',
      ],
      nft: '',
    },
    second,
    600,
  );
  expect(outcome).toBe('changed');
  expect(await shaper.renew(first.token, 60)).toBe('gone');
  const output = await pinging;
  expect(output).toContain('1200 packets transmitted, 1200 received, 0% packet loss');
  expect(Number(/mdev = ([\d.]+)\//.exec(output)?.[1])).toBeGreaterThan(49);
  expect(Number(/mdev = [\d.]+\/[\d.]+\/([\d.]+)\//.exec(output)?.[1])).toBeGreaterThan(79);
  const looked = await shaper.look();
  expect(looked.shape?.record).toEqual(second);
  expect(looked.filters[0]?.text).toContain('pref 200');

  const failed = await shaper.change(
    second.token,
    { tc: ['qdisc change dev eth0 parent 6e6d:7 netem'], nft: '' },
    first,
    60,
  );
  expect(failed).toMatchObject({ failed: expect.stringContaining('Error: ') as string });
  expect(await networkOf(cluster, shaped)).toBe(before);
});
