// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import type { Container, Pod } from '../../kube/objects.js';
import { environmentValue as variable } from '../../kube/tool-container-spec.js';
import { meshVariable, proberContainerName } from '../../model/prober.js';
import type { ProberSpec } from '../network-prober.js';
import { sampleLabels } from './sample-labels.js';

/** What became of a pod that was created only to look at it. */
export type Trial =
  | { injected: true; container: Container }
  /** `other`: the mesh whose prober it got instead, or none. */
  | { injected: false; other: string | undefined };

/**
 * Asks the API server what a pod that a NetworkProber selects would be like (a dry run: nothing is created, and webhooks are
 * asked as for any other). The pod is one that PodSecurity's level restricted lets pass. Undefined: no pod can match.
 */
export async function tryPod(
  cluster: Cluster,
  { namespace, mesh, selector, pingPort, metricsPort }: ProberSpec,
  { image, signal }: { image: string; signal: AbortSignal },
): Promise<Trial | undefined> {
  const labels = sampleLabels(selector);
  if (labels === undefined) return undefined;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'netmachinery-trial-', labels },
    spec: {
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'trial',
          image,
          // Whatever a quota or limit range asks for.
          resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '10m', memory: '16Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            runAsNonRoot: true,
            runAsUser: 65_532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      ],
    },
  };
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const { spec } = await cluster.create<Pod>(path, pod, { query: { dryRun: 'All' }, signal });
  const container = [...spec.containers, ...(spec.initContainers ?? [])].find(
    ({ name }) => name === proberContainerName,
  );
  if (container === undefined) return { injected: false, other: undefined };
  const itsMesh = variable(container, meshVariable) ?? 'of somebody else';
  if (itsMesh !== mesh) return { injected: false, other: itsMesh };
  // A webhook that still knows an earlier version of it.
  const asAsked =
    variable(container, 'HTTP_PORT') === String(pingPort) &&
    variable(container, 'HTTP_PROMETHEUS_PORT') === String(metricsPort);
  return asAsked ? { injected: true, container } : { injected: false, other: undefined };
}
