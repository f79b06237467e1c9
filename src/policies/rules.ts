// SPDX-License-Identifier: Apache-2.0
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../kube/objects.js';

export type Direction = 'egress' | 'ingress';

/** A rule of either direction: `from` and `to` are the same but for their name. */
export interface PolicyRule {
  peers: readonly NetworkPolicyPeer[];
  ports: readonly NetworkPolicyPort[];
}

/**
 * Whether a policy isolates its pods in a direction. Without `policyTypes` it is ingress, and egress too where there are
 * egress rules (networking.k8s.io/v1 defaulting, which API servers write into the object).
 */
export function affects({ spec: { policyTypes = [], egress = [] } }: NetworkPolicy, direction: Direction): boolean {
  if (policyTypes.length > 0) return policyTypes.some((type) => type.toLowerCase() === direction);
  return direction === 'ingress' || egress.length > 0;
}

/** The rules of a direction; a policy that affects it without any lets nothing pass. */
export function rulesOf(policy: NetworkPolicy, direction: Direction): PolicyRule[] {
  if (!affects(policy, direction)) return [];
  const { ingress = [], egress = [] } = policy.spec;
  return direction === 'ingress'
    ? ingress.map(({ from = [], ports = [] }) => ({ peers: from, ports }))
    : egress.map(({ to = [], ports = [] }) => ({ peers: to, ports }));
}

/** `namespace/name`. */
export function policyName({ metadata: { namespace = '', name } }: NetworkPolicy): string {
  return `${namespace}/${name}`;
}
