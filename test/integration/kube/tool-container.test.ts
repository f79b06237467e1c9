// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';
import { execWhenReady } from '../../../src/kube/exec-when-ready.js';
import type { Pod } from '../../../src/kube/objects.js';
import { podPath } from '../../../src/kube/tool-container-patch.js';
import { markWork } from '../../../src/kube/tool-container-script.js';
import { toolUser, type ToolContainerRequest } from '../../../src/kube/tool-container-spec.js';
import { findToolContainer, prepareToolContainer, type ToolContainer } from '../../../src/kube/tool-container.js';
import { refused } from '../targets/refusal.js';
import { createdPod, podOnce, runningPod, temporaryNamespace } from './namespace.js';

let cluster: Cluster;
let namespace: string;
const request = (more: Partial<ToolContainerRequest> = {}): ToolContainerRequest => ({
  image: process.env['NETMACHINERY_IMAGE'] ?? '',
  ...more,
});

beforeAll(async () => {
  cluster = await connectCluster({});
  namespace = await temporaryNamespace(cluster);
});

afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${namespace}`);
  cluster.close();
});

async function output(
  container: ToolContainer,
  argv: string[],
  limitSeconds = 3,
): Promise<{ exitCode: number; stdout: string }> {
  let stdout = '';
  const { exitCode } = await execWhenReady(cluster, container, {
    argv: markWork(argv, limitSeconds),
    deadlineMs: 30_000,
    onStdout: (chunk) => {
      stdout += chunk.toString();
    },
  });
  return { exitCode, stdout };
}

const reread = (pod: Pod) => cluster.get<Pod>(podPath(pod));

/** An ephemeral container that is not ours, without its name. */
const foreign = {
  image: process.env['NETMACHINERY_IMAGE'],
  command: ['sleep', 'infinity'],
  imagePullPolicy: 'IfNotPresent',
};

/** Capability sets and identity as the kernel has them, as `CapEff 0000000000002000`. */
const identity = ['sh', '-c', 'id -u; id -g; grep -E "CapEff|CapBnd|NoNewPrivs" /proc/self/status'];

describe('rights', () => {
  test('a plain one has none, and fits PodSecurity restricted', async () => {
    const tight = await temporaryNamespace(cluster, 'restricted');
    const pod = await runningPod(cluster, tight);
    const container = await prepareToolContainer(cluster, pod, request());
    expect(container).toMatchObject({ name: 'netmachinery-1', added: true, pod: 'idle', namespace: tight });
    const { stdout } = await output(container, identity);
    expect(stdout.split(/\s+/).slice(0, 8)).toEqual([
      String(toolUser(pod.metadata.uid)),
      '65534',
      'CapEff:',
      '0000000000000000',
      'CapBnd:',
      '0000000000000000',
      'NoNewPrivs:',
      '1',
    ]);

    const raw = await refused(
      prepareToolContainer(cluster, pod, request({ capabilities: ['NET_RAW'] })),
      'unsupported',
    );
    expect(raw.reason).toBe('PodSecurityDenied');
    expect(raw.message).toMatch(/^PodSecurity "restricted:latest" of namespace kube-\w+ refuses .*"NET_RAW"/);
    await cluster.delete(`/api/v1/namespaces/${tight}`);
  });

  test('the others have exactly the capabilities asked for, in effect', async () => {
    const pod = await runningPod(cluster, namespace, { name: 'rights' });
    const raw = await prepareToolContainer(cluster, pod, request({ capabilities: ['NET_RAW', 'SETGID'] }));
    const admin = await prepareToolContainer(cluster, pod, request({ capabilities: ['NET_ADMIN'] }));
    expect([raw.name, admin.name]).toEqual(['netmachinery-raw-1', 'netmachinery-admin-1']);
    expect((await output(raw, identity)).stdout).toContain('CapEff:\t0000000000002040');
    expect((await output(admin, identity)).stdout).toContain('CapEff:\t0000000000001000');
  });

  test('of the pod itself do not get in the way', async () => {
    const spec = { securityContext: { runAsNonRoot: true, runAsUser: 4711, runAsGroup: 4711 } };
    const pod = await runningPod(cluster, namespace, { name: 'inherits', spec });
    const plain = await prepareToolContainer(cluster, pod, request());
    const raw = await prepareToolContainer(cluster, pod, request({ capabilities: ['NET_RAW'] }));
    expect((await output(plain, ['id', '-u'])).stdout).toBe(`${toolUser(pod.metadata.uid)}\n`);
    expect((await output(raw, ['id', '-u'])).stdout).toBe('0\n');
  });
});

describe('reuse', () => {
  test('the same request gets the same one, another image or other rights another one', async () => {
    const pod = await runningPod(cluster, namespace, { name: 'reuse' });
    const first = await prepareToolContainer(cluster, pod, request());
    await output(first, ['true']);
    const again = await prepareToolContainer(cluster, await reread(pod), request());
    expect(again).toMatchObject({ name: first.name, added: false });
    const other = await prepareToolContainer(
      cluster,
      await reread(pod),
      request({ image: 'docker.io/netmachinery-test/pause:1' }),
    );
    expect(other).toMatchObject({ name: 'netmachinery-2', added: true });
    const raw = await prepareToolContainer(cluster, await reread(pod), request({ capabilities: ['NET_RAW'] }));
    expect(raw).toMatchObject({ name: 'netmachinery-raw-1', added: true });
    const sooner = await prepareToolContainer(cluster, await reread(pod), request({ idleSeconds: 33 }));
    expect(sooner).toMatchObject({ name: 'netmachinery-3', added: true });
  });

  test('several of us at once share one', async () => {
    const pod = await runningPod(cluster, namespace, { name: 'race' });
    const all = await Promise.all(Array.from({ length: 6 }, () => prepareToolContainer(cluster, pod, request())));
    expect(new Set(all.map(({ name }) => name))).toEqual(new Set(['netmachinery-1']));
    const { spec } = await reread(pod);
    expect(spec.ephemeralContainers?.map(({ name }) => name)).toEqual(['netmachinery-1']);
  });

  test('several of us with different requests at once each get theirs', async () => {
    const pod = await runningPod(cluster, namespace, { name: 'quarrel' });
    const all = await Promise.all(
      [101, 102, 103].map((idleSeconds) => prepareToolContainer(cluster, pod, request({ idleSeconds }))),
    );
    expect(all.map(({ name }) => name).sort()).toEqual(['netmachinery-1', 'netmachinery-2', 'netmachinery-3']);
    const after = await reread(pod);
    [101, 102, 103].forEach((idleSeconds, index) => {
      expect(findToolContainer(after, request({ idleSeconds }))?.name).toBe(all[index]?.name);
    });
  });

  test("a name that is somebody else's is left alone", async () => {
    const pod = await runningPod(cluster, namespace, { name: 'foreign' });
    await cluster.patch(`${podPath(pod)}/ephemeralcontainers`, 'strategic', {
      spec: { ephemeralContainers: [{ ...foreign, name: 'netmachinery-1' }] },
    });
    // As it was read before: the collision is found out by the server.
    const container = await prepareToolContainer(cluster, pod, request());
    expect(container.name).toBe('netmachinery-2');
    expect((await output(container, ['true'])).exitCode).toBe(0);
  });

  test('one that has ended is followed by the next, and there is an end to that', async () => {
    const pod = await runningPod(cluster, namespace, { name: 'mortal' });
    let current = pod;
    for (const name of ['netmachinery-1', 'netmachinery-2']) {
      expect(await prepareToolContainer(cluster, current, request({ idleSeconds: 1 }))).toMatchObject({ name });
      current = await podOnce(cluster, namespace, 'mortal', ({ status }) =>
        (status?.ephemeralContainerStatuses ?? []).some(
          (container) => container.name === name && container.state?.terminated?.exitCode === 0,
        ),
      );
    }
    const others = [3, 4, 5, 6, 7, 8, 9, 10].map((generation) => ({ ...foreign, name: `netmachinery-${generation}` }));
    const body = { spec: { ephemeralContainers: others } };
    current = await cluster.patch<Pod>(`${podPath(pod)}/ephemeralcontainers`, 'strategic', body);
    const failure = await refused(prepareToolContainer(cluster, current, request()), 'tool');
    expect(failure.message).toBe(`pod ${namespace}/mortal already has 10 tool containers of this kind`);
  });
});

describe('pods that cannot have one', () => {
  test('finished, going, and not scheduled ones', async () => {
    await createdPod(cluster, namespace, {
      name: 'done',
      spec: { restartPolicy: 'Never' },
      container: { command: ['true'] },
    });
    const done = await podOnce(cluster, namespace, 'done', ({ status }) => status?.phase === 'Succeeded');
    const waiting = await createdPod(cluster, namespace, { name: 'waiting', node: 'nowhere' });
    for (const pod of [done, waiting]) {
      expect((await refused(prepareToolContainer(cluster, pod, request()), 'unsupported')).reason).toBe(
        'PodNotRunning',
      );
    }
    const pod = await runningPod(cluster, namespace, {
      name: 'going',
      spec: { terminationGracePeriodSeconds: 5 },
      container: { command: ['sh', '-c', 'trap "" TERM; sleep 5'] },
    });
    await cluster.delete(podPath(pod));
    const going = await refused(prepareToolContainer(cluster, await reread(pod), request()), 'unsupported');
    expect(going).toMatchObject({ reason: 'PodNotRunning', message: `pod ${namespace}/going is being deleted` });
  });

  test('one that is gone by now', async () => {
    const pod = await runningPod(cluster, namespace, { name: 'gone' });
    await cluster.delete(podPath(pod), { query: { gracePeriodSeconds: 0 } });
    const failure = await refused(prepareToolContainer(cluster, pod, request()), 'notFound');
    expect(failure.reason).toBe('SourceVanished');
  });

  test('one whose init containers are stuck can', async () => {
    const init = {
      name: 'stuck',
      image: request().image,
      imagePullPolicy: 'IfNotPresent',
      command: ['sleep', 'infinity'],
    };
    await createdPod(cluster, namespace, { name: 'init', spec: { initContainers: [init] } });
    const pod = await podOnce(cluster, namespace, 'init', ({ status }) =>
      (status?.initContainerStatuses ?? []).some(({ state }) => state?.running !== undefined),
    );
    const container = await prepareToolContainer(cluster, pod, request());
    expect((await output(container, ['echo', 'here'])).stdout).toBe('here\n');
  });
});

describe('the idle process', () => {
  test('ends itself after its time, but not while work may last', async () => {
    const pod = await runningPod(cluster, namespace, { name: 'idler' });
    const container = await prepareToolContainer(cluster, pod, request({ idleSeconds: 2 }));
    const { exitCode } = await output(container, ['sleep', '4'], 5);
    expect(exitCode).toBe(0);
    const ended = await podOnce(cluster, namespace, 'idler', ({ status }) =>
      (status?.ephemeralContainerStatuses ?? []).some(({ state }) => state?.terminated !== undefined),
    );
    expect(ended.status?.ephemeralContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(0);
  });

  test('ends at once on TERM, reaps orphans, and the limit of work holds', async () => {
    const pod = await runningPod(cluster, namespace, { name: 'signals' });
    const container = await prepareToolContainer(cluster, pod, request({ idleSeconds: 3600 }));
    await output(container, ['sh', '-c', '(sleep 0.2 &) ; (sleep 0.2 &)']);
    await sleep(500);
    const zombies = await output(container, ['sh', '-c', 'grep -l "^State:.Z" /proc/[0-9]*/status | wc -l']);
    expect(zombies.stdout).toBe('0\n');

    const limited = await execWhenReady(cluster, container, { argv: markWork(['sleep', '9'], 1), deadlineMs: 9000 });
    expect(limited.exitCode).toBe(124);

    const signalledAt = Date.now();
    await output(container, ['sh', '-c', 'kill -TERM 1; sleep 5'], 9).catch(() => undefined);
    const ended = await podOnce(cluster, namespace, 'signals', ({ status }) =>
      (status?.ephemeralContainerStatuses ?? []).some(({ state }) => state?.terminated?.exitCode === 0),
    );
    // As the runtime saw it: the kubelet may report it much later.
    const endedAt = ended.status?.ephemeralContainerStatuses?.[0]?.state?.terminated?.finishedAt ?? '';
    expect(Date.parse(endedAt) - signalledAt).toBeLessThan(4000);
  });

  test('works beside the processes of a pod that shares them', async () => {
    const pod = await runningPod(cluster, namespace, { name: 'shared', spec: { shareProcessNamespace: true } });
    const container = await prepareToolContainer(cluster, pod, request({ idleSeconds: 1 }));
    expect((await output(container, ['echo', 'here'])).stdout).toBe('here\n');
    await podOnce(cluster, namespace, 'shared', ({ status }) =>
      (status?.ephemeralContainerStatuses ?? []).some(({ state }) => state?.terminated?.exitCode === 0),
    );
  });
});
