// SPDX-License-Identifier: Apache-2.0
import type { Pod } from '../kube/objects.js';
import { isProbePod } from '../kube/probe-pod-metadata.js';
import { isFinished, isReady, podTraits } from '../targets/pod-facts.js';
import type { Test } from './plan.js';
import type { Measurer } from './run-request.js';

/** The pods of one warning that are named; the rest is counted. */
const podsNamed = 3;

function podList(pods: ReadonlySet<string>): string {
  const named = [...pods].slice(0, podsNamed).join(', ');
  return pods.size > podsNamed ? `${named} and ${pods.size - podsNamed} more` : named;
}

/** Why a pod that may be entered is not ready, in a few words; undefined where it is, or cannot be entered anyway. */
function whyNotReady(pod: Pod): string | undefined {
  // A probe pod is never ready, on purpose.
  if (
    isProbePod(pod) ||
    isReady(pod) ||
    isFinished(pod) ||
    !pod.spec.nodeName ||
    pod.metadata.deletionTimestamp !== undefined
  )
    return undefined;
  const initialized = pod.status?.conditions?.find(({ type }) => type === 'Initialized')?.status;
  return initialized === 'False' ? 'its init containers have not finished' : 'as its own readiness condition says';
}

/** Pods by what is to be said of them, in the order of their first test. */
class Remarks {
  readonly #podsByText = new Map<string, Set<string>>();

  add(pod: string, text: string): void {
    const pods = this.#podsByText.get(text) ?? new Set();
    this.#podsByText.set(text, pods.add(pod));
  }

  lines(): string[] {
    return [...this.#podsByText].map(([text, pods]) => `${podList(pods)}: ${text}`);
  }
}

/**
 * What of the pods of a run changes the meaning of its results, a line each: not ready, in its node's network, behind the
 * proxy of a service mesh, which accepts TCP connections itself.
 */
export function circumstanceWarnings(
  tests: readonly Test[],
  { verb, capabilities }: Pick<Measurer, 'verb' | 'capabilities'>,
): string[] {
  const remarks = new Remarks();
  for (const { source, destination } of tests) {
    const from = `${source.namespace}/${source.name}`;
    const { hostNetwork, mesh } = podTraits(source.pod);
    const notReady = whyNotReady(source.pod);
    if (notReady !== undefined) remarks.add(from, `this source is not ready (${notReady})`);
    if (hostNetwork === true) {
      const ping =
        (verb === 'ping' || verb === 'mtu') && capabilities.length === 0
          ? ', and unprivileged ping may be refused there (--raw)'
          : '';
      remarks.add(
        from,
        `this source is in the network of its node (hostNetwork): NetworkPolicies for pods do not apply to it${ping}`,
      );
    }
    if (destination.traits?.hostNetwork === true && destination.pod !== undefined) {
      remarks.add(
        `${destination.pod.namespace}/${destination.pod.name}`,
        'this destination is in the network of its node (hostNetwork): NetworkPolicies for pods do not apply to it',
      );
    }
    if (verb !== 'connect' || destination.protocol === 'udp') continue;
    if (mesh !== undefined) {
      remarks.add(
        from,
        `the ${mesh} proxy of this source may have taken a connection itself: "Connected" does not show that the destination was reached`,
      );
    }
    if (destination.traits?.mesh !== undefined) {
      const to =
        destination.pod === undefined ? destination.ref : `${destination.pod.namespace}/${destination.pod.name}`;
      remarks.add(
        to,
        `a connection may have ended in the ${destination.traits.mesh} proxy of this destination, and not in its application`,
      );
    }
  }
  return remarks.lines();
}

/** The labels of a test's result: the meshes that its connection may have ended in, and the user's own, which win. */
export function labelsOf(
  { source, destination }: Test,
  own: Record<string, string> | undefined,
): Record<string, string> | undefined {
  const { mesh } = podTraits(source.pod);
  const found = {
    ...(mesh === undefined ? {} : { sourceMesh: mesh }),
    ...(destination.traits?.mesh === undefined ? {} : { destinationMesh: destination.traits.mesh }),
    ...own,
  };
  return Object.keys(found).length === 0 ? undefined : found;
}
