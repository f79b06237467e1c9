// SPDX-License-Identifier: Apache-2.0

/** A pod specification of the test cluster's small server, which calls one of its ports `http`. */
function spec(port: number, more: object = {}): object {
  return {
    nodeSelector: { 'kubernetes.io/hostname': 'node1' },
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    containers: [
      {
        name: 'web',
        image: 'docker.io/netmachinery-test/web:1',
        imagePullPolicy: 'IfNotPresent',
        args: [`--http=:${port}`],
        ports: [{ name: 'http', containerPort: port }],
        readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
        ...more,
      },
    ],
  };
}

function pod(name: string, labels: Record<string, string>, podSpec: object): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: podSpec };
}

function service(name: string, serviceSpec: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ipFamilyPolicy: 'PreferDualStack', ...serviceSpec },
  };
}

function template(app: string, more: object = {}): object {
  return { metadata: { labels: { app } }, spec: { ...spec(8080), ...more } };
}

const readyAt9090 = { readinessProbe: { tcpSocket: { port: 9090 }, periodSeconds: 1 } };
const http = { name: 'http', port: 80, targetPort: 'http' };

/**
 * What the tests of this folder select from: two pods that call different ports by the same name and one that is never
 * ready, behind Services of every sort; workloads of every kind but CronJob, whose Job needs its uid.
 */
export const workload: readonly object[] = [
  pod('old', { app: 'mixed' }, spec(8080)),
  pod('new', { app: 'mixed' }, spec(9090, readyAt9090)),
  pod('unready', { app: 'mixed', tier: 'late' }, spec(9091)),
  pod('dotted.pod', { app: 'dotted' }, spec(8080)),
  pod('waiting', { app: 'waiting' }, { ...spec(8080), nodeSelector: { 'netmachinery.test/no-node': 'true' } }),
  service('mixed', { selector: { app: 'mixed' }, ports: [http] }),
  service('eager', { selector: { tier: 'late' }, publishNotReadyAddresses: true, ports: [http] }),
  service('late', { selector: { tier: 'late' }, ports: [http] }),
  service('misnamed', { selector: { app: 'three' }, ports: [{ port: 80, targetPort: 'web' }] }),
  service('two-protocols', {
    selector: { app: 'three' },
    ports: [http, { name: 'echo', port: 80, protocol: 'UDP', targetPort: 9000 }],
  }),
  service('bare', { clusterIP: 'None', selector: { app: 'three' } }),
  service('single-stack', {
    ipFamilyPolicy: 'SingleStack',
    ipFamilies: ['IPv4'],
    selector: { app: 'three' },
    ports: [http],
  }),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'outside' },
    spec: { type: 'ExternalName', externalName: 'a.example' },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'three' },
    spec: { replicas: 3, selector: { matchLabels: { app: 'three' } }, template: template('three') },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'none' },
    spec: { replicas: 0, selector: { matchLabels: { app: 'none' } }, template: template('none') },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'set' },
    spec: { replicas: 1, serviceName: 'set', selector: { matchLabels: { app: 'set' } }, template: template('set') },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'every' },
    spec: {
      selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['every'] }] },
      template: template('every'),
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once' },
    spec: { template: template('once', { restartPolicy: 'Never' }) },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly' },
    spec: {
      schedule: '0 0 31 2 *',
      jobTemplate: { spec: { template: template('nightly', { restartPolicy: 'Never' }) } },
    },
  },
];

/** The Job that the controller would make of the CronJob with this uid. */
export function nightlyJob(cronJobUid: string): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'nightly-1',
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: cronJobUid, controller: true },
      ],
    },
    spec: { template: template('nightly', { restartPolicy: 'Never' }) },
  };
}
