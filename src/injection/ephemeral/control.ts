// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { ephemeralStatus } from '../../kube/container-state.js';
import { execWhenReady } from '../../kube/exec-when-ready.js';
import type { Pod } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import { podLabel, withoutToolContainer } from '../../kube/pod-eligibility.js';
import { podPath } from '../../kube/tool-container-patch.js';
import { containerNotReady } from '../../kube/exec-status.js';
import { controlCommand } from '../../model/prober.js';
import { isStuck } from './container.js';

interface Options {
  timeoutMs: number;
  signal: AbortSignal;
}

const execMs = 20_000;
const endMs = 20_000;
const lookEveryMs = 300;

function failed(pod: Pod, container: string, what: string, exitCode: number, words: string): Failure {
  const said = words.trim() === '' ? `exit code ${exitCode}` : words.trim();
  return new Failure('tool', `container ${container} of pod ${podLabel(pod)} did not ${what}: ${said}`, {
    hint: 'is its image the agent image of this release?',
  });
}

/** What keeps a tool container from starting keeps a prober; its names and flags are others. */
function aboutProber(thrown: unknown): unknown {
  if (!(thrown instanceof Failure) || thrown.code !== 'tool') return thrown;
  const { code, message, status, reason, cause, hint } = thrown;
  return new Failure(code, message.replace(/^tool container /, 'prober '), {
    status,
    reason,
    cause,
    hint:
      hint === withoutToolContainer
        ? undefined
        : hint?.replace('--tool-timeout', '--timeout').replace('--image', '--agent-image'),
  });
}

/** Gives a prober its peer list as soon as its container runs. Throws Failure `tool` where it does not start. */
export async function feed(
  cluster: Cluster,
  pod: Pod,
  container: string,
  peers: string,
  { timeoutMs, signal }: Options,
): Promise<void> {
  const { namespace = cluster.namespace, name, uid } = pod.metadata;
  const place = { namespace, pod: name, podUid: uid, name: container, added: true, running: false };
  let stderr = '';
  const started = execWhenReady(
    cluster,
    place,
    {
      // Its input stays open behind the list, so it is told how long that is.
      argv: [...controlCommand, 'peers', String(Buffer.byteLength(peers))],
      input: peers,
      leash: true,
      onStderr: (chunk) => (stderr += chunk.toString()),
      deadlineMs: timeoutMs + execMs,
      signal,
    },
    { startTimeoutMs: timeoutMs },
  );
  const { exitCode } = await started.catch((thrown: unknown) => {
    throw aboutProber(thrown);
  });
  if (exitCode !== 0) throw failed(pod, container, 'take its peer list', exitCode, stderr);
}

/** Ends a prober and waits until the kubelet says so. */
export async function stop(cluster: Cluster, pod: Pod, container: string, signal: AbortSignal): Promise<void> {
  const { namespace = cluster.namespace, name } = pod.metadata;
  let stderr = '';
  try {
    const { exitCode } = await cluster.exec({
      namespace,
      pod: name,
      container,
      argv: [...controlCommand, 'stop'],
      onStderr: (chunk) => (stderr += chunk.toString()),
      deadlineMs: execMs,
      signal,
    });
    // 137 and 143: the container ended before the one that ends it.
    if (![0, 137, 143].includes(exitCode)) throw failed(pod, container, 'end', exitCode, stderr);
  } catch (thrown) {
    const ends = thrown instanceof Failure && ['ConnectionLost', containerNotReady].includes(thrown.reason ?? '');
    if (!ends) throw thrown;
  }
  const deadline = performance.now() + endMs;
  for (;;) {
    const current = await cluster.get<Pod>(podPath(pod), { signal });
    if (ephemeralStatus(current, container)?.state?.terminated !== undefined) return;
    if (isStuck(current, { name: container })) {
      throw new Failure('tool', `container ${container} of pod ${podLabel(pod)} never started, and cannot be ended`, {
        hint: 'the kubelet keeps trying until the pod is replaced',
      });
    }
    if (performance.now() > deadline) {
      throw new Failure('tool', `container ${container} of pod ${podLabel(pod)} was told to end and has not yet`);
    }
    await pause(lookEveryMs, signal);
  }
}
