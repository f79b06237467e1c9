// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { ephemeralStatus } from '../kube/container-state.js';
import { containerNotReady } from '../kube/exec-status.js';
import type { Pod } from '../kube/objects.js';
import { pause } from '../kube/pause.js';
import { controlCommand } from '../model/prober.js';
import { parseShapeRecord } from '../shaping/shape-record.js';
import { busyExitCode, endCommand } from '../kube/tool-container-script.js';
import type { Leftover } from '../kube/tool-container-inventory.js';

const execLimitMs = 15_000;
/** The kubelet looks at its containers every second and reports a little later. */
const statusLimitMs = 20_000;
const statusEveryMs = 300;

export interface EndOptions {
  /** Ends it also where somebody works in it. */
  force: boolean;
  signal: AbortSignal;
}

/**
 * Executes the end of an idling container, or of a prober. What ends takes the exec along, whose own end says nothing then: the pod's
 * status does.
 */
export async function tellToEnd(
  cluster: Cluster,
  { kind, namespace, pod }: Leftover,
  container: string,
  { force, signal }: EndOptions,
): Promise<'busy' | 'told' | 'gone' | 'notReady'> {
  try {
    const isProber = kind === 'Prober';
    const argv = isProber ? [...controlCommand, 'stop'] : endCommand(!force);
    const { exitCode } = await cluster.exec({ namespace, pod, container, argv, deadlineMs: execLimitMs, signal });
    return !isProber && exitCode === busyExitCode ? 'busy' : 'told';
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    if (thrown.status === 404) return 'gone';
    if (thrown.reason === containerNotReady) return 'notReady';
    if (thrown.reason === 'ConnectionLost') return 'told';
    throw thrown;
  }
}

async function look(
  cluster: Cluster,
  { namespace, pod, podUid, container = '' }: Leftover,
  signal: AbortSignal,
): Promise<'ended' | 'left' | 'gone' | 'alive'> {
  try {
    const current = await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${pod}`, { signal });
    if (podUid !== undefined && current.metadata.uid !== podUid) return 'gone';
    const ended = ephemeralStatus(current, container)?.state?.terminated;
    if (ended === undefined) return 'alive';
    return parseShapeRecord(ended.message) === undefined ? 'ended' : 'left';
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.status === 404) return 'gone';
    throw thrown;
  }
}

/**
 * Ends a tool container or prober, be it just starting, and waits until the pod's status says that it has ended; `left`: and
 * left rules of a shape behind. Throws Failure when it cannot be ended.
 */
export async function endToolContainer(
  cluster: Cluster,
  leftover: Leftover,
  options: EndOptions,
): Promise<'ended' | 'left' | 'busy' | 'gone'> {
  // A StatefulSet's new pod has the old one's name, and its tool containers have the old ones'.
  const before = await look(cluster, leftover, options.signal);
  if (before !== 'alive') return before;
  const giveUpMs = performance.now() + statusLimitMs;
  let answer: Awaited<ReturnType<typeof tellToEnd>> = 'notReady';
  for (;;) {
    if (answer === 'notReady') answer = await tellToEnd(cluster, leftover, leftover.container ?? '', options);
    if (answer === 'busy' || answer === 'gone') return answer;
    const state = await look(cluster, leftover, options.signal);
    if (state !== 'alive') return state;
    if (performance.now() > giveUpMs) {
      const what = answer === 'told' ? 'it still runs after it was told to end' : 'it does not start, nor end';
      throw new Failure('tool', `${what}, and was given ${statusLimitMs / 1000} s`);
    }
    await pause(statusEveryMs, options.signal);
  }
}
