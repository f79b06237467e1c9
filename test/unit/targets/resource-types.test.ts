// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { nearestResourceSpelling, objectPath, resourceKind } from '../../../src/targets/resource-types.js';

describe('type words', () => {
  test.each([
    ['pod', ['po', 'pod', 'pods', 'Pod', 'PODS', 'pods.', 'pods.v1.', 'po.v1.']],
    [
      'deployment',
      ['deploy', 'deployment', 'deployments', 'Deployment', 'deployments.apps', 'deploy.apps', 'Deployment.v1.apps'],
    ],
    ['statefulset', ['sts', 'statefulset', 'statefulsets', 'StatefulSet', 'statefulsets.apps']],
    ['daemonset', ['ds', 'daemonset', 'daemonsets', 'daemonsets.apps']],
    ['replicaset', ['rs', 'replicaset', 'replicasets', 'replicasets.apps']],
    ['job', ['job', 'jobs', 'Job', 'jobs.batch', 'job.batch', 'jobs.v1.batch']],
    ['cronjob', ['cj', 'cronjob', 'cronjobs', 'cronjobs.batch']],
    ['service', ['svc', 'service', 'services', 'SERVICE', 'svc.v1.']],
    ['node', ['no', 'node', 'nodes', 'Nodes']],
  ] as const)('%s', (kind, spellings) => {
    for (const spelling of spellings) expect(resourceKind(spelling), spelling).toBe(kind);
  });

  test.each([
    '',
    'PO',
    'DEPLOY',
    'pods.v1',
    'services.v1',
    'pods.apps',
    'deployments.batch',
    'deployments.v1beta1.apps',
    'ingress',
    'toString',
  ])('kubectl does not know %j', (spelling) => {
    expect(resourceKind(spelling)).toBeUndefined();
  });

  test('a slip has a nearest spelling', () => {
    expect(nearestResourceSpelling('depoy')).toBe('deploy');
    expect(nearestResourceSpelling('servcie')).toBe('service');
    expect(nearestResourceSpelling('ingress')).toBeUndefined();
  });

  test('API paths escape what they are given', () => {
    expect(objectPath('pod', 'shop', 'web-0')).toBe('/api/v1/namespaces/shop/pods/web-0');
    expect(objectPath('cronjob', 'a/b', 'c?d')).toBe('/apis/batch/v1/namespaces/a%2Fb/cronjobs/c%3Fd');
    expect(objectPath('node', 'ignored', 'node1')).toBe('/api/v1/nodes/node1');
  });
});
