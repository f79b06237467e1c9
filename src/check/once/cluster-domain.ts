// SPDX-License-Identifier: Apache-2.0
import type { AgentReport } from '../../model/check.js';

/** The domain of clusters whose kubelets were told no other (`--cluster-domain`). */
export const usualDomain = 'cluster.local';

/** A name that each cluster's DNS knows, whole, so that no search list is tried. */
export function clusterName(domain: string): string {
  return `kubernetes.default.svc.${domain}.`;
}

/**
 * The cluster's domain, as the kubelet writes it into the search lists of pods that use cluster DNS
 * (`NAMESPACE.svc.DOMAIN svc.DOMAIN DOMAIN`); undefined where no agent has such a list.
 */
export function clusterDomain(reports: Iterable<AgentReport>): string | undefined {
  for (const { resolver } of reports) {
    const domain = resolver.search
      .map((entry) => /^svc\.(.+?)\.?$/.exec(entry)?.[1])
      .find((each) => each !== undefined);
    if (domain !== undefined) return domain;
  }
  return undefined;
}
