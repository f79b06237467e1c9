// SPDX-License-Identifier: Apache-2.0
import { agentContainerSecurity, agentPodSecurity } from '../../installation/agent-security.js';
import type { InstalledObject } from '../../installation/installed-object.js';
import {
  checkHostNamespace,
  checkNamespace,
  checkServerName,
  checkServerPorts,
  checkServicePort,
} from '../../model/check.js';
import { labelsOf, selectorLabels, type InstallOptions } from './install-options.js';

/** The Service of the replicas' metrics, which a ServiceMonitor selects. */
const metricsServiceName = 'netmachinery-check-metrics';

/** Has Node.js collect garbage rather than take all memory that there is. */
export const nodeOptions = '--max-old-space-size=192 --max-semi-space-size=4';

function fromPod(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

function probe(path: string): object {
  return { httpGet: { path, port: 'health' }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 };
}

const metadata = { name: checkServerName, namespace: checkNamespace, labels: labelsOf(checkServerName) };
const matchLabels = selectorLabels(checkServerName);

function container({ image, legacyApi, networks }: InstallOptions): object {
  const { api, legacy, health, metrics } = checkServerPorts;
  const port = (name: string, containerPort: number) => ({ name, containerPort, protocol: 'TCP' });
  return {
    name: checkServerName,
    image,
    args: ['check-server'],
    env: [
      ...(legacyApi ? [{ name: 'NETMACHINERY_CHECK_SERVER_LEGACY', value: 'true' }] : []),
      // It may not even ask for a namespace that is left out.
      ...(networks.includes('host')
        ? [{ name: 'NETMACHINERY_CHECK_SERVER_HOST_NAMESPACE', value: checkHostNamespace }]
        : []),
      { name: 'NODE_OPTIONS', value: nodeOptions },
      fromPod('POD_NAME', 'metadata.name'),
      fromPod('POD_NAMESPACE', 'metadata.namespace'),
      fromPod('POD_IP', 'status.podIP'),
    ],
    ports: [
      port('api', api),
      port('metrics', metrics),
      port('health', health),
      ...(legacyApi ? [port('legacy', legacy)] : []),
    ],
    livenessProbe: { ...probe('/healthz'), initialDelaySeconds: 5 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 2 },
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '384Mi' } },
    securityContext: agentContainerSecurity,
    // The last words of a program that ends are in the pod's status, where whoever waits for it reads them.
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

/** Two replicas, of which the one that holds the Lease keeps the state and the other one forwards to it. */
export function serverDeployment(options: InstallOptions): InstalledObject {
  const { imagePullSecrets } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 2,
      // Three at most while they are replaced, and never fewer than two.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels },
      template: {
        metadata: { labels: labelsOf(checkServerName) },
        spec: {
          serviceAccountName: checkServerName,
          automountServiceAccountToken: true,
          enableServiceLinks: false,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          securityContext: agentPodSecurity,
          ...(imagePullSecrets.length > 0 ? { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) } : {}),
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              // A cluster of one node is to have both.
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels },
            },
          ],
          containers: [container(options)],
        },
      },
    },
  };
}

/**
 * The Services of the API, of one port as agents expect it, and of metrics; and what keeps one replica through drains. An API
 * with addresses of both families is what agents can say both of.
 */
export function serverServices(): InstalledObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        ipFamilyPolicy: 'PreferDualStack',
        selector: matchLabels,
        ports: [{ name: 'api', port: checkServicePort, targetPort: 'api', protocol: 'TCP' }],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: metricsServiceName, namespace: checkNamespace, labels: labelsOf(metricsServiceName) },
      spec: {
        clusterIP: 'None',
        selector: matchLabels,
        ports: [{ name: 'metrics', port: checkServerPorts.metrics, targetPort: 'metrics', protocol: 'TCP' }],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { minAvailable: 1, selector: { matchLabels } },
    },
  ];
}
