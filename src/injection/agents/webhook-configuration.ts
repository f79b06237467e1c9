// SPDX-License-Identifier: Apache-2.0
import { agentNamespace, webhookName } from '../../model/prober.js';
import { agentLabels, agentPodLabel } from './agent-options.js';
import type { InstalledObject } from '../../installation/installed-object.js';

/** The name of our one webhook within its configuration. */
const webhookEntry = 'mpod.netmachinery.io';

/** Where pods are created that no NetworkProber can select, and where a fault of ours would do most harm. */
const spared = ['kube-system', 'kube-public', 'kube-node-lease', agentNamespace];

/**
 * When the API server asks our webhook. It never waits longer than 3 s for it, and creates the pod as it is when there is no
 * answer. The certificate to trust (caBundle) is written by the controller, or by cert-manager: until then every call fails,
 * and no pod is held up by that. Probe pods have the labels of the pods that they stand for, and are not to be changed.
 */
export function webhookConfiguration(): InstalledObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: webhookName, labels: agentLabels(webhookName) },
    webhooks: [
      {
        name: webhookEntry,
        admissionReviewVersions: ['v1'],
        clientConfig: {
          service: { name: webhookName, namespace: agentNamespace, path: '/mutate-v1-pod', port: 443 },
        },
        rules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: 'Namespaced' },
        ],
        failurePolicy: 'Ignore',
        timeoutSeconds: 3,
        sideEffects: 'None',
        reinvocationPolicy: 'IfNeeded',
        matchPolicy: 'Equivalent',
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: spared }],
        },
        objectSelector: {
          matchExpressions: [
            { key: agentPodLabel, operator: 'DoesNotExist' },
            { key: 'netmachinery.io/probe-pod', operator: 'DoesNotExist' },
          ],
        },
      },
    ],
  };
}
