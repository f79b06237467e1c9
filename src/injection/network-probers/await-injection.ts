// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { pause } from '../../kube/pause.js';
import { getIfThere } from '../../installation/apply-object.js';
import type { ProberSpec } from '../network-prober.js';
import { networkProberPath, type NetworkProber } from './network-prober-object.js';
import { tryPod, type Trial } from './trial-pod.js';

/** The certificate is made, trusted and served, and the webhook knows of the NetworkProber, within a few seconds. */
const effectiveMs = 60_000;
const lookMs = 500;

export interface InjectionWait {
  /** Of the pod that is tried; it never runs. */
  image: string;
  signal: AbortSignal;
  progress: (text: string) => void;
}

/** What the controller says against a NetworkProber as it is now. */
function objections({ metadata, status }: NetworkProber & { metadata: { generation?: number } }): string[] {
  const { conditions = [] } = status ?? {};
  return conditions
    .filter(({ status: is, observedGeneration = metadata.generation }) => {
      return is === 'False' && observedGeneration === metadata.generation;
    })
    .map(({ type, reason = '', message = '' }) => `${type} is False (${reason}): ${message}`);
}

async function objectionsOf(cluster: Cluster, { namespace, name }: ProberSpec, signal: AbortSignal) {
  const object = await getIfThere<NetworkProber>(cluster, networkProberPath(namespace, name), signal);
  return object === undefined ? [] : objections(object);
}

/**
 * Waits until a pod that a NetworkProber selects would be injected, as a dry run of the API server shows. Throws Failure `tool`
 * with why it is not: at once where its image is not allowed or another prober comes first, else after a minute.
 */
export async function awaitInjection(cluster: Cluster, prober: ProberSpec, wait: InjectionWait): Promise<void> {
  const { signal, progress } = wait;
  const untilMs = performance.now() + effectiveMs;
  let last: Trial | undefined;
  progress(`waiting until a pod that ${prober.mesh} selects would be injected`);
  for (;;) {
    last = await tryPod(cluster, prober, wait);
    if (last === undefined) {
      throw new Failure('usage', `no pod can match the selector of NetworkProber ${prober.mesh}`, {
        hint: 'its terms exclude each other',
      });
    }
    if (last.injected) return;
    const against = await objectionsOf(cluster, prober, signal);
    const image = against.find((line) => line.startsWith('ImageAllowed '));
    if (image !== undefined) {
      throw new Failure('tool', `NetworkProber ${prober.mesh} injects nothing: ${image}`, {
        hint: 'leave spec.agentImage out, or allow its image, for all namespaces: inject enable --allow-image IMAGE',
      });
    }
    if (performance.now() > untilMs) throw notEffective(prober, last, against);
    await pause(lookMs, signal);
  }
}

function notEffective({ mesh }: ProberSpec, trial: Trial, against: readonly string[]): Failure {
  const other = trial.injected ? undefined : trial.other;
  const why = [
    ...(other === undefined ? [] : [`such a pod gets the prober of ${other}, which comes first`]),
    ...against,
  ];
  const words = why.length === 0 ? 'the webhook is not asked, or does not answer' : why.join('; ');
  return new Failure('tool', `NetworkProber ${mesh} is there, but a pod that it selects is not injected: ${words}`, {
    reason: 'NotInjected',
    hint: 'kubectl logs -n netmachinery-system -l app.kubernetes.io/name=netmachinery-prober-webhook may tell more',
  });
}

/** Waits until the webhook has forgotten a NetworkProber: what is restarted before would be injected once more. */
export async function awaitNoInjection(cluster: Cluster, prober: ProberSpec, wait: InjectionWait): Promise<void> {
  const untilMs = performance.now() + effectiveMs;
  for (;;) {
    const trial = await tryPod(cluster, prober, wait);
    if (trial?.injected !== true) return;
    if (performance.now() > untilMs) {
      throw new Failure('tool', `pods that ${prober.mesh} selected are still injected`, { reason: 'StillInjected' });
    }
    await pause(lookMs, wait.signal);
  }
}
