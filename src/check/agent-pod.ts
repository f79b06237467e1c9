// SPDX-License-Identifier: Apache-2.0
import { agentContainerSecurity, agentPodSecurity } from '../installation/agent-security.js';
import {
  agentPorts,
  checkAgentName,
  checkAudience,
  checkAuthorityName,
  checkNamespace,
  checkServerName,
  type AgentNetwork,
} from '../model/check.js';

/** What agents of a check are started with; the same for DaemonSets and for the pods of a one-shot check. */
export interface AgentPodOptions {
  network: AgentNetwork;
  image: string;
  /** Secrets of the agents' namespace. */
  imagePullSecrets: readonly string[];
  nodeSelector: Readonly<Record<string, string>>;
  /** As Kubernetes has them; where there are none every taint is tolerated. */
  tolerations: readonly object[];
  /** RFC 3339: an agent of a one-shot check ends by itself then, and reports to no server. Absent: installed. */
  until?: string | undefined;
}

const tokenFolder = '/var/run/secrets/netmachinery';
const authorityFolder = '/var/run/secrets/netmachinery-authority';
/** The kubelet renews a token after 80 % of this. */
const tokenSeconds = 3600;

function fromPod(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

/** What an installed agent needs to speak to the server: its token, and the authority of the server's certificate. */
const secrets = {
  volumeMounts: [
    { name: 'token', mountPath: tokenFolder, readOnly: true },
    { name: 'authority', mountPath: authorityFolder, readOnly: true },
  ],
  volumes: [
    {
      name: 'token',
      projected: {
        sources: [{ serviceAccountToken: { audience: checkAudience, expirationSeconds: tokenSeconds, path: 'token' } }],
      },
    },
    { name: 'authority', configMap: { name: checkAuthorityName } },
  ],
};

/** The spec of an agent's pod. Nothing in it needs more than PodSecurity's level restricted, but for the network of the node. */
export function agentPodSpec(options: AgentPodOptions): object {
  const { network, image, imagePullSecrets, nodeSelector, tolerations, until } = options;
  const isInstalled = until === undefined;
  const port = isInstalled ? agentPorts.installed : agentPorts.once;
  const env = [
    { name: 'NETMACHINERY_CHECK_NETWORK', value: network },
    { name: 'NETMACHINERY_CHECK_PORT', value: String(port) },
    ...(isInstalled
      ? [
          { name: 'NETMACHINERY_CHECK_SERVER', value: `${checkServerName}.${checkNamespace}.svc` },
          { name: 'NETMACHINERY_CHECK_TOKEN', value: `${tokenFolder}/token` },
          { name: 'NETMACHINERY_CHECK_AUTHORITY', value: `${authorityFolder}/ca.crt` },
        ]
      : [{ name: 'NETMACHINERY_CHECK_UNTIL', value: until }]),
    { name: 'NODE_OPTIONS', value: '--max-old-space-size=64 --max-semi-space-size=2' },
    fromPod('NODE_NAME', 'spec.nodeName'),
    fromPod('POD_NAME', 'metadata.name'),
    fromPod('POD_NAMESPACE', 'metadata.namespace'),
    // Of a pod in the node's network: the node's.
    fromPod('POD_IPS', 'status.podIPs'),
  ];
  return {
    ...(isInstalled ? { serviceAccountName: checkAgentName } : {}),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 5,
    nodeSelector: { 'kubernetes.io/os': 'linux', ...nodeSelector },
    tolerations: tolerations.length > 0 ? tolerations : [{ operator: 'Exists' }],
    ...(network === 'host' ? { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } : {}),
    ...(imagePullSecrets.length > 0 ? { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) } : {}),
    securityContext: agentPodSecurity,
    containers: [
      {
        name: checkAgentName,
        image,
        args: ['check-agent'],
        env,
        ports: (['TCP', 'UDP'] as const).map((protocol) => ({
          name: `check-${protocol.toLowerCase()}`,
          containerPort: port,
          protocol,
        })),
        readinessProbe: {
          httpGet: { path: '/readyz', port },
          periodSeconds: isInstalled ? 5 : 1,
          timeoutSeconds: 5,
        },
        resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '192Mi' } },
        securityContext: agentContainerSecurity,
        terminationMessagePolicy: 'FallbackToLogsOnError',
        ...(isInstalled ? { volumeMounts: secrets.volumeMounts } : {}),
      },
    ],
    ...(isInstalled ? { volumes: secrets.volumes } : {}),
  };
}
