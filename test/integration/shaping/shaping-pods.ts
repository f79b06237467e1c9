// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../../src/kube/cluster.js';
import type { Pod } from '../../../src/kube/objects.js';
import type { RunInPod } from '../../../src/shaping/pod-shaper.js';
import { podOnce } from '../kube/namespace.js';

/**
 * Creates pods, each `NAME: NODE`, with a web server and beside it a container with the rights of an `admin` tool container,
 * and waits until they are ready.
 */
export function readyPods(cluster: Cluster, namespace: string, nodes: Record<string, string>): Promise<Pod[]> {
  return Promise.all(
    Object.entries(nodes).map(async ([name, node]) => {
      await cluster.create<Pod>(`/api/v1/namespaces/${namespace}/pods`, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name },
        spec: {
          nodeSelector: { 'kubernetes.io/hostname': node },
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'server',
              image: 'docker.io/netmachinery-test/web:1',
              ports: [{ name: 'http', containerPort: 8080 }],
            },
            {
              name: 'tools',
              image: process.env['NETMACHINERY_IMAGE'],
              command: ['sleep', 'infinity'],
              securityContext: {
                runAsUser: 0,
                allowPrivilegeEscalation: false,
                seccompProfile: { type: 'RuntimeDefault' },
                capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
              },
            },
          ],
        },
      });
      return podOnce(cluster, namespace, name, ({ status }) =>
        (status?.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      );
    }),
  );
}

/** Executes commands in the tool container of such a pod. */
export function runIn(cluster: Cluster, pod: Pod): RunInPod {
  return async (argv, limitMs) => {
    const text = { stdout: '', stderr: '' };
    const { exitCode } = await cluster.exec({
      namespace: pod.metadata.namespace ?? '',
      pod: pod.metadata.name,
      container: 'tools',
      argv: [...argv],
      deadlineMs: limitMs + 5000,
      onStdout: (chunk) => (text.stdout += chunk.toString()),
      onStderr: (chunk) => (text.stderr += chunk.toString()),
    });
    return { exitCode, ...text };
  };
}

/** Runs a script of the test in such a pod; throws with what it printed when it fails. */
export async function script(run: RunInPod, text: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(['sh', '-ec', text], 20_000);
  if (exitCode !== 0) throw new Error(`${text}: ${stdout}${stderr}`);
  return stdout;
}
