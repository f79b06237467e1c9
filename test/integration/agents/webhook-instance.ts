// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { kubectl } from '../../e2e/kubectl.js';

const definition = join(import.meta.dirname, '../../../plugins-manifest/crds/networkprobers.yaml');

/** Installs the definition of NetworkProbers where nobody has; it stays, for others may have begun to use it. */
export async function ensureDefinition(): Promise<void> {
  const name = 'crd/networkprobers.probes.bigmikes.io';
  await kubectl(['get', name]).catch(() => kubectl(['create', '-f', definition]).catch(() => undefined));
  await kubectl(['wait', '--for=condition=Established', name, '--timeout=30s']);
}

/** A configuration that calls a port of this machine for the pods of these namespaces only. */
export function webhookConfiguration(name: string, port: number, namespaces: readonly string[]): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name, labels: { 'netmachinery.test/purpose': 'test' } },
    webhooks: [
      {
        name: 'pods.test.netmachinery.io',
        admissionReviewVersions: ['v1'],
        clientConfig: { url: `https://127.0.0.1:${port}/mutate-v1-pod` },
        failurePolicy: 'Ignore',
        timeoutSeconds: 3,
        sideEffects: 'None',
        reinvocationPolicy: 'IfNeeded',
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: namespaces }],
        },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
    ],
  };
}

/** What each of the two programs may do, and no more; the cluster-wide half has to be deleted. */
export function permissions(name: string, namespace: string, configuration: string): object[] {
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
  const apiGroup = 'rbac.authorization.k8s.io';
  const secret = { apiGroups: [''], resources: ['secrets'], resourceNames: ['netmachinery-prober-webhook'] };
  const configurations = {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations'],
    resourceNames: [configuration],
  };
  const lists = { verbs: ['list', 'watch'] };
  const programs = [
    {
      account: 'controller',
      here: [
        { ...secret, verbs: ['get', 'patch'] },
        { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
      ],
      everywhere: [{ ...configurations, verbs: ['get', 'patch'] }],
    },
    {
      account: 'webhook',
      here: [{ ...secret, ...lists }],
      everywhere: [
        { apiGroups: [''], resources: ['namespaces'], ...lists },
        { apiGroups: ['probes.bigmikes.io'], resources: ['networkprobers'], ...lists },
      ],
    },
  ];
  return programs.flatMap(({ account, here, everywhere }) => {
    const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
    const inside = { metadata: { name: account, namespace } };
    const outside = { metadata: { name: `${name}-${account}`, labels: { 'netmachinery.test/permissions': name } } };
    return [
      { ...rbac, kind: 'Role', ...inside, rules: here },
      { ...rbac, kind: 'RoleBinding', ...inside, subjects, roleRef: { apiGroup, kind: 'Role', name: account } },
      { ...rbac, kind: 'ClusterRole', ...outside, rules: everywhere },
      {
        ...rbac,
        kind: 'ClusterRoleBinding',
        ...outside,
        subjects,
        roleRef: { apiGroup, kind: 'ClusterRole', name: outside.metadata.name },
      },
    ];
  });
}

/** A NetworkProber as users of k8s-network-prober have it. */
export function networkProber(namespace: string, name: string, spec: object): object {
  return {
    apiVersion: 'probes.bigmikes.io/v1alpha1',
    kind: 'NetworkProber',
    metadata: { name, namespace },
    spec: { httpPort: '9191', pollingPeriod: '5s', httpPrometheusPort: '9192', agentImage: 'agent:test', ...spec },
  };
}

interface InjectedPod {
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    containers: { name: string }[];
    initContainers?: { name: string; image: string; env: { name: string; value?: string }[] }[];
    volumes: { name: string; configMap?: { name: string } }[];
  };
}

export interface Created {
  pod: InjectedPod;
  /** What kubectl said beside it. */
  warnings: string;
}

/** Creates a pod with kubectl, and gives what the API server made of it; `words` such as `--dry-run=server`. */
export function createPod(namespace: string, pod: object, ...words: string[]): Promise<Created> {
  return new Promise((resolve, reject) => {
    const args = ['create', '-n', namespace, '-f', '-', '-o', 'json', ...words];
    const child = execFile('kubectl', args, (error, stdout, stderr) => {
      if (error === null) resolve({ pod: JSON.parse(stdout) as InjectedPod, warnings: stderr });
      else reject(new Error(stderr));
    });
    child.stdin?.end(JSON.stringify(pod));
  });
}

/** The mesh of the prober in a pod; undefined where there is none. */
export function meshOf({ pod }: Created): string | undefined {
  const prober = pod.spec.initContainers?.find(({ name }) => name === 'net-prober');
  return prober?.env.find(({ name }) => name === 'NETMACHINERY_MESH')?.value;
}
