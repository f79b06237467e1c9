// SPDX-License-Identifier: Apache-2.0
import { isIPv4 } from 'node:net';

/**
 * The EndpointSlice of the Service `manual`, as a manifest: it points to the server of the pod `host-network`, whose
 * address is the node's and so known before any pod runs. `nodeAddress` is an InternalIP of node1.
 */
export function manualEndpoints(nodeAddress: string): string {
  return JSON.stringify({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'manual-by-hand',
      namespace: 'shop',
      labels: {
        'kubernetes.io/service-name': 'manual',
        'endpointslice.kubernetes.io/managed-by': 'netmachinery-test',
      },
    },
    addressType: isIPv4(nodeAddress) ? 'IPv4' : 'IPv6',
    endpoints: [{ addresses: [nodeAddress], conditions: { ready: true }, nodeName: 'node1' }],
    ports: [{ name: 'http', port: 18080, protocol: 'TCP' }],
  });
}
