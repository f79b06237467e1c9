// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { appliedInjection, appliedRemoval } from '../../../src/injection/apply.js';
import { injectWorkload } from '../../../src/injection/inject.js';
import { sidecarOf } from '../../../src/injection/sidecar.js';
import { options } from './templates.js';

const live = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', resourceVersion: '7', managedFields: [] },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'web' }] } } },
};
const identity = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } };

describe('appliedInjection', () => {
  it('says our fields and no others', () => {
    const { container, volume, annotations } = sidecarOf(options);
    const ours = { metadata: { annotations }, spec: { initContainers: [container], volumes: [volume] } };
    expect(appliedInjection(live, options)).toStrictEqual({ ...identity, spec: { template: ours } });
    expect(appliedInjection(injectWorkload(live, options), options)).toStrictEqual(appliedInjection(live, options));
  });

  it('refuses a live Job', () => {
    const job = { ...live, apiVersion: 'batch/v1', kind: 'Job' };
    expect(() => appliedInjection(job, options)).toThrow('cannot be changed');
  });
});

describe('appliedRemoval', () => {
  it('names the workload and owns nothing of it', () => {
    expect(appliedRemoval(live)).toStrictEqual(identity);
  });
});
