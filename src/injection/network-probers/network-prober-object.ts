// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, LabelSelector } from '../../kube/objects.js';
import type { InstalledObject } from '../../installation/installed-object.js';

/** What a NetworkProber is made of. */
export interface ProberRequest {
  namespace: string;
  name: string;
  selector: LabelSelector;
  pingPort: number;
  metricsPort: number;
  periodMs: number;
  neighbours?: number | undefined;
}

export interface NetworkProber extends KubeObject {
  status?: {
    observedGeneration?: number;
    conditions?: { type: string; status: string; reason?: string; message?: string; observedGeneration?: number }[];
  };
}

const apiVersion = 'probes.bigmikes.io/v1alpha1';

/** Its image is the controller's: what the cluster runs is decided in one place. */
export function networkProberObject(request: ProberRequest): InstalledObject {
  const { namespace, name, selector, pingPort, metricsPort, periodMs, neighbours } = request;
  return {
    apiVersion,
    kind: 'NetworkProber',
    metadata: { name, namespace },
    spec: {
      podSelector: selector,
      httpPort: String(pingPort),
      httpPrometheusPort: String(metricsPort),
      pollingPeriod: `${periodMs}ms`,
      ...(neighbours === undefined ? {} : { neighbours }),
    },
  };
}

export function networkProberPath(namespace: string, name = ''): string {
  return `/apis/${apiVersion}/namespaces/${namespace}/networkprobers${name === '' ? '' : `/${name}`}`;
}
