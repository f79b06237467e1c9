// SPDX-License-Identifier: Apache-2.0
import { agentContainerSecurity, agentPodSecurity } from '../../installation/agent-security.js';
import {
  agentImageVariable,
  agentNamespace,
  allowedImagesVariable,
  certificatesVariable,
  controllerName,
  webhookName,
} from '../../model/prober.js';
import { agentLabels, agentPodLabel, selectorLabels, type Agent, type AgentOptions } from './agent-options.js';
import type { InstalledObject } from '../../installation/installed-object.js';

const webhookPort = 9443;
const healthPort = 8081;
const metricsPort = 8080;

/**
 * Has Node.js collect garbage rather than take all memory that there is: with 10,000 pods in the cluster the controller then has
 * 100 MB resident at most, not 220.
 */
const nodeOptions = '--max-old-space-size=128 --max-semi-space-size=2';

function probe(path: string) {
  return { httpGet: { path, port: 'health' }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 };
}

function fromPod(name: string, fieldPath: string) {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

/** The name of the program is that of its container. */
function deployment(
  agent: Agent,
  program: 'controller' | 'webhook',
  options: AgentOptions,
  { ports, memory }: { ports: object[]; memory: string },
): InstalledObject {
  const { agentImage, controllerImage = agentImage, allowedImages = [], certificates } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: agent, namespace: agentNamespace, labels: agentLabels(agent) },
    spec: {
      replicas: 2,
      // Three at most while they are replaced, and never fewer than two.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: selectorLabels(agent) },
      template: {
        metadata: { labels: { ...agentLabels(agent), [agentPodLabel]: program } },
        spec: {
          serviceAccountName: agent,
          securityContext: agentPodSecurity,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              // A cluster of one node is to have both.
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: selectorLabels(agent) },
            },
          ],
          containers: [
            {
              name: program,
              image: controllerImage,
              args: [program],
              env: [
                { name: agentImageVariable, value: agentImage },
                { name: allowedImagesVariable, value: allowedImages.join(',') },
                { name: certificatesVariable, value: certificates },
                { name: 'NODE_OPTIONS', value: nodeOptions },
                fromPod('POD_NAME', 'metadata.name'),
                fromPod('POD_NAMESPACE', 'metadata.namespace'),
              ],
              ports: [
                ...ports,
                { name: 'metrics', containerPort: metricsPort, protocol: 'TCP' },
                { name: 'health', containerPort: healthPort, protocol: 'TCP' },
              ],
              livenessProbe: { ...probe('/healthz'), initialDelaySeconds: 5 },
              readinessProbe: { ...probe('/readyz'), periodSeconds: 2 },
              resources: { requests: { cpu: '50m', memory }, limits: { cpu: '500m', memory: '256Mi' } },
              securityContext: agentContainerSecurity,
              // The last words of a program that ends are in the pod's status, where whoever waits for it reads them.
              terminationMessagePolicy: 'FallbackToLogsOnError',
            },
          ],
        },
      },
    },
  };
}

/** Two replicas, of which the one that holds the Lease works. */
export function controllerDeployment(options: AgentOptions): InstalledObject {
  return deployment(controllerName, 'controller', options, { ports: [], memory: '96Mi' });
}

/** Two replicas that both answer, what keeps one of them through drains, and the Service that the API server calls. */
export function webhookWorkload(options: AgentOptions): InstalledObject[] {
  const metadata = { name: webhookName, namespace: agentNamespace, labels: agentLabels(webhookName) };
  const port = { name: 'webhook', containerPort: webhookPort, protocol: 'TCP' };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: selectorLabels(webhookName),
        ports: [{ name: 'webhook', port: 443, targetPort: 'webhook', protocol: 'TCP' }],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { minAvailable: 1, selector: { matchLabels: selectorLabels(webhookName) } },
    },
    deployment(webhookName, 'webhook', options, { ports: [port], memory: '64Mi' }),
  ];
}

/** Ports that anybody may reach, for NetworkPolicies. */
export const openPorts = { controller: [metricsPort, healthPort], webhook: [webhookPort, metricsPort, healthPort] };
