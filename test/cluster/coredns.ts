// SPDX-License-Identifier: Apache-2.0
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileExists } from './file-exists.js';
import { clusterDomain, node1, services } from './addresses.js';
import { createObject, type ApiRequest } from './api.js';
import type { Builds } from './builds.js';
import { packImage } from './images/archive.js';
import type { ClusterPaths } from './paths.js';

const image = 'docker.io/netmachinery-test/coredns:1';
const namespace = 'kube-system';

/** The archive of CoreDNS's image, which holds the program and nothing else; made once for each build. */
export async function ensureCorednsImage(builds: Builds, paths: ClusterPaths): Promise<string> {
  const output = join(paths.images, `${basename(builds.coredns)}.tar`);
  if (await fileExists(output)) return output;
  const stale = (await readdir(paths.images)).filter((name) => name.startsWith('coredns-'));
  await Promise.all(stale.map((name) => rm(join(paths.images, name), { recursive: true })));
  const rootDirectory = `${output}.root`;
  await mkdir(rootDirectory, { recursive: true });
  await copyFile(join(builds.coredns, 'coredns'), join(rootDirectory, 'coredns'));
  await packImage({ name: image, rootDirectory, output, config: { entrypoint: ['/coredns'] } });
  await rm(rootDirectory, { recursive: true });
  return output;
}

/** The name server answers for the cluster's own names, and for all else from the zone below. */
const corefile = `.:53 {
    errors
    health :8080 {
        lameduck 5s
    }
    ready :8181
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    file /etc/coredns/outside.zone .
    prometheus :9153
    cache 30
    loadbalance
}
`;

/** The world outside: a few host names, all for the node's addresses. Any other does not exist (NXDOMAIN). */
const outsideZone = `$ORIGIN .
@ 60 IN SOA ns.invalid. hostmaster.invalid. 1 60 60 60 60
@ 60 IN NS ns.invalid.
outside.example 60 IN A ${node1.ipv4}
outside.example 60 IN AAAA ${node1.ipv6}
only-ipv4.example 60 IN A ${node1.ipv4}
only-ipv6.example 60 IN AAAA ${node1.ipv6}
`;

const labels = { 'k8s-app': 'kube-dns' };
const names = { name: 'coredns', namespace, labels };

const role = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'system:coredns' },
  rules: [
    { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  ],
};

const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'system:coredns' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
  subjects: [{ kind: 'ServiceAccount', name: 'coredns', namespace }],
};

const container = {
  name: 'coredns',
  image,
  imagePullPolicy: 'Never',
  args: ['-conf', '/etc/coredns/Corefile'],
  ports: [
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
    { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
    { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
  ],
  readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
  livenessProbe: { httpGet: { path: '/health', port: 8080 }, initialDelaySeconds: 60 },
  resources: { requests: { cpu: '10m', memory: '40Mi' }, limits: { memory: '170Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  },
  volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
};

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: names,
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: 'coredns',
        priorityClassName: 'system-cluster-critical',
        // Names are answered by the fast node, and from the first moment that it is known.
        nodeSelector: { 'kubernetes.io/hostname': node1.name },
        tolerations: [{ operator: 'Exists' }],
        dnsPolicy: 'Default',
        containers: [container],
        volumes: [{ name: 'config', configMap: { name: 'coredns' } }],
      },
    },
  },
};

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    ...names,
    name: 'kube-dns',
    annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
  },
  spec: {
    selector: labels,
    clusterIP: services.dns,
    ipFamilyPolicy: 'PreferDualStack',
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 'dns-tcp' },
      { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 'metrics' },
    ],
  },
};

/** Puts CoreDNS into the cluster: two replicas behind the Service kube-dns. */
export async function deployCoredns(api: ApiRequest): Promise<void> {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const core = `/api/v1/namespaces/${namespace}`;
  await createObject(api, `${core}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: names });
  await createObject(api, `${rbac}/clusterroles`, role);
  await createObject(api, `${rbac}/clusterrolebindings`, binding);
  const data = { Corefile: corefile, 'outside.zone': outsideZone };
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: names, data };
  await createObject(api, `${core}/configmaps`, config);
  await createObject(api, `${core}/services`, service);
  await createObject(api, `/apis/apps/v1/namespaces/${namespace}/deployments`, deployment);
}
